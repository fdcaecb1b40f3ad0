// What ECharts is told for each kind of chart. Pure: rows in, option out. Amounts come in fen and are shown in 万元.
const ink = "#1f2933";
const colours = { total: "#1d4e89", up: "#b3261e", down: "#1b7a43", line: "#8a97a6", grid: "#e3e8ee" };
const font = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif';
const fenPerUnit = 1_000_000;

const text = { color: ink, fontFamily: font, fontSize: 12 };
const base = { animation: false, textStyle: text };

export function inUnit(fen) {
  const value = fen / fenPerUnit;
  const decimals = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A label in lines of so many characters, at most three; the table below has it whole. */
function wrapped(label, width) {
  const lines = [];
  for (let at = 0; at < label.length && lines.length < 3; at += width) {
    lines.push(label.slice(at, at + width));
  }

  if (label.length > width * 3) {
    lines[2] = `${lines[2].slice(0, -1)}…`;
  }

  return lines.join("\n");
}

function valueAxis(extra) {
  return {
    type: "value",
    axisLabel: { ...text, formatter: inUnit, hideOverlap: true },
    splitLine: { lineStyle: { color: colours.grid } },
    splitNumber: 4,
    ...extra,
  };
}

/** Columns that hang on each other: totals stand on the ground, steps on the level that the ones before have led to. */
export function waterfallOf(rows, width, axisHint) {
  let level = 0;
  const columns = rows.map(row => {
    const from = row.isTotal ? 0 : level;
    level = row.isTotal ? row.fen : level + row.fen;
    return { ...row, from, to: level };
  });
  const lowest = Math.min(...columns.map(c => c.to));
  const highest = Math.max(...columns.map(c => c.to));

  // Small steps between large totals could not be seen from zero on; the axis then says that it begins higher.
  const isCut = lowest > 0 && highest - lowest < highest * 0.35 && highest > lowest;
  const each = (width - 80) / rows.length;
  const perLine = Math.max(2, Math.floor(each / 13));
  return {
    ...base,
    grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
    xAxis: {
      type: "category",
      data: columns.map(c => c.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: { ...text, interval: 0, formatter: label => wrapped(label, perLine), lineHeight: 15 },
    },
    yAxis: valueAxis(isCut
      ? { min: Math.max(0, lowest - (highest - lowest) * 0.6), name: axisHint, nameLocation: "end", nameGap: 10, nameTextStyle: { ...text, align: "left" } }
      : {}),
    series: [{
      type: "custom",
      clip: true,
      data: columns.map((c, index) => [index, c.from, c.to]),
      encode: { x: 0, y: [1, 2] },
      renderItem: (params, api) => column(columns, params.dataIndex, api, each),
    }],
  };
}

function column(columns, index, api, each) {
  const { from, to, fen, isTotal } = columns[index];
  const a = api.coord([index, from]);
  const b = api.coord([index, to]);
  const width = Math.min(56, api.size([1, 0])[0] * 0.62);
  const top = Math.min(a[1], b[1]);
  const fill = isTotal ? colours.total : fen < 0 ? colours.down : colours.up;
  const children = [
    { type: "rect", shape: { x: a[0] - width / 2, y: top, width, height: Math.max(1, Math.abs(a[1] - b[1])) }, style: { fill } },
  ];
  if (each >= 34) {
    const label = (isTotal || fen < 0 ? "" : "+") + inUnit(fen);
    children.push({ type: "text", style: { text: label, x: a[0], y: top - 4, textAlign: "center", textVerticalAlign: "bottom", fill: ink, font: `11px ${font}` } });
  }

  if (index + 1 < columns.length) {
    const next = api.coord([index + 1, to]);
    children.push({
      type: "line",
      shape: { x1: b[0] + width / 2, y1: b[1], x2: next[0] - width / 2, y2: b[1] },
      style: { stroke: colours.line, lineWidth: 1, lineDash: [3, 3] },
    });
  }

  return { type: "group", children };
}

/** Upright bars in the order of the table: months. */
export function barsOf(rows) {
  return {
    ...base,
    grid: { left: 8, right: 16, top: 20, bottom: 8, containLabel: true },
    xAxis: {
      type: "category",
      data: rows.map(r => r.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: valueAxis(),
    series: [{ type: "bar", barMaxWidth: 40, itemStyle: { color: colours.total }, data: rows.map(r => r.fen) }],
  };
}

/** Lying bars to the left and right of zero, the first row on top: what grew and what shrank. */
export function divergingOf(rows, width) {
  return lyingOf(rows, width, fen => (fen < 0 ? colours.down : colours.up), "+");
}

/** Lying bars, the first row on top: what something consists of. */
export function partsOf(rows, width) {
  return lyingOf(rows, width, () => colours.total, "");
}

function lyingOf(rows, width, colourOf, plus) {
  const perLine = Math.max(6, Math.floor(Math.min(240, width * 0.36) / 13));
  return {
    ...base,
    grid: { left: 8, right: 56, top: 8, bottom: 8, containLabel: true },
    xAxis: valueAxis(),
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map(r => r.label),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { ...text, interval: 0, formatter: label => wrapped(label, perLine), lineHeight: 14 },
    },
    series: [{
      type: "bar",
      barMaxWidth: 18,
      data: rows.map(r => ({ value: r.fen, itemStyle: { color: colourOf(r.fen) }, label: { position: r.fen < 0 ? "left" : "right" } })),
      label: { show: width >= 480, color: ink, fontFamily: font, fontSize: 11, formatter: p => (p.value > 0 ? plus : "") + inUnit(p.value) },
    }],
  };
}

/** Lines over the months: how much of the year's budget was spent, this year and the year before. Shares come in hundredths of a percent. */
export function progressOf(rows, width, names) {
  const percent = share => `${(share / 100).toLocaleString("en-US", { maximumFractionDigits: 1 })}%`;
  const lines = [
    { name: names.current, key: "share", colour: colours.total, type: "solid" },
    { name: names.prior, key: "priorShare", colour: colours.line, type: "dashed" },
  ].filter(line => line.name && rows.some(r => r[line.key] !== null));
  return {
    ...base,
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, textStyle: text, data: lines.map(l => l.name) },
    xAxis: {
      type: "category",
      data: rows.map(r => r.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: { ...valueAxis(), axisLabel: { ...text, formatter: percent } },
    series: lines.map((line, index) => ({
      type: "line",
      name: line.name,
      data: rows.map(r => r[line.key]),
      symbolSize: 6,
      lineStyle: { color: line.colour, width: 2, type: line.type },
      itemStyle: { color: line.colour },
      label: { show: index === 0 && width >= 640, position: "top", color: ink, fontFamily: font, fontSize: 11, formatter: p => percent(p.value) },
    })),
  };
}
