// Draws a chart above a table, from what the table says, so that both say the same. Loaded only by pages that have one.
import { use, init } from "echarts/core";
import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import { barsOf, divergingOf, partsOf, progressOf, waterfallOf } from "./options.js";

use([BarChart, CustomChart, LineChart, GridComponent, LegendComponent, CanvasRenderer]);

const options = {
  waterfall: (rows, width, table) => waterfallOf(rows, width, table.dataset.chartAxis),
  bars: barsOf,
  diverging: divergingOf,
  parts: partsOf,
  progress: (rows, width, table) => progressOf(rows, width, { current: table.dataset.chartSeries, prior: table.dataset.chartPrior }),
};
const drawn = new Map();

/** Draws all tables with data-chart below an element that are not drawn yet. */
export function draw(root) {
  for (const table of root.querySelectorAll("table[data-chart]")) {
    if (!drawn.has(table)) {
      drawOne(table);
    }
  }
}

function drawOne(table) {
  const rows = rowsOf(table);
  if (rows.length === 0) {
    return;
  }

  const place = document.createElement("div");
  place.className = "chart";
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", `${table.caption?.textContent.trim() ?? ""} ${table.dataset.chartHint ?? ""}`.trim());
  if (table.dataset.chart === "diverging" || table.dataset.chart === "parts") {
    place.dataset.rows = rows.length;
  }

  (table.closest(".scroll") ?? table).before(place);
  const fit = () => {
    if (place.dataset.rows) {
      // On a telephone names take up to three lines.
      place.style.height = `${rows.length * (place.clientWidth < 480 ? 46 : 30) + 48}px`;
    }
  };
  fit();
  const chart = init(place, null, { renderer: "canvas" });
  const show = () => chart.setOption(options[table.dataset.chart](rows, place.clientWidth, table), true);
  show();
  drawn.set(table, chart);
  new ResizeObserver(() => {
    if (place.isConnected && place.clientWidth > 0) {
      fit();
      chart.resize();
      show();
    }
  }).observe(place);
}

/** A row counts when it has a data-fen (whole fen) or a data-share (hundredths of a percent), so that nothing is rounded before it is drawn. */
function rowsOf(table) {
  return [...table.querySelectorAll("tr[data-fen], tr[data-share]")].map(row => ({
    label: row.dataset.label ?? row.cells[0].textContent.trim(),
    fen: Number(row.dataset.fen),
    share: shareOf(row.dataset.share),
    priorShare: shareOf(row.dataset.priorShare),
    isTotal: row.dataset.total !== undefined,
  }));
}

/** Null where there is none. */
function shareOf(text) {
  return text ? Number(text) : null;
}
