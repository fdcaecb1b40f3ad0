// What pages do better with a script than without. Everything works without it too: links load pages, forms are sent.
import { watchFigures } from "./figures.js";
import { watchSliders } from "./sliders.js";
import { watchJobs } from "./jobs.js";

async function drawCharts(root) {
  if (root.querySelector("table[data-chart]")) {
    const charts = await import(document.documentElement.dataset.charts);
    charts.draw(root);
  }
}

function refresh(root) {
  drawCharts(root);
}

watchFigures(refresh);
watchSliders();
watchJobs();
refresh(document);
document.documentElement.dataset.ready = "";
