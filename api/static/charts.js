// Draws the charts of a page with plotly, in the page's own colours. Each stands beside its table.

const token = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--stadsronde-${name}`).trim();

const axis = (own) => ({
  automargin: true,
  gridcolor: token("color-line"),
  linecolor: token("color-line-strong"),
  zerolinecolor: token("color-line"),
  ...own,
});

const draw = (figure) => {
  const { data, layout } = JSON.parse(figure.dataset.chart);
  const colours = [1, 2, 3, 4, 5, 6].map((n) => token(`truck-${n}-color`));
  const look = {
    ...layout,
    xaxis: axis(layout.xaxis),
    yaxis: axis(layout.yaxis),
    colorway: layout.showlegend === false ? [token("color-ink-soft"), colours[0]] : colours,
    font: { family: token("font-family"), size: 14, color: token("color-ink") },
    legend: { orientation: "h", y: 1, yanchor: "bottom" },
    margin: { l: 56, r: 16, t: 16, b: 48 },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
  };
  // Its tool bar is of no use on pictures this small; nothing of it is reached by keyboard.
  return Plotly.newPlot(figure, data, look, { displayModeBar: false, responsive: true });
};

Promise.all([...document.querySelectorAll("[data-chart]")].map(draw)).then(() => {
  document.body.dataset.ready = "";
});
