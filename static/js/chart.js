// Draws each chart's Plotly specification in place of its server-drawn picture.
(() => {
  "use strict";
  const CONFIG = { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] };
  const PHONE = 640;

  function phoneLayout(layout) {
    const margin = { ...layout.margin, l: 44, r: Math.min(layout.margin?.r ?? 24, 92) };
    const dated = layout.xaxis?.type === "date";
    const axes = dated ? { xaxis: { ...layout.xaxis, nticks: 3 } } : {};
    return { ...layout, ...axes, margin, dragmode: false, height: Math.min(layout.height ?? 380, 320) };
  }

  function draw(figure) {
    const spec = JSON.parse(document.getElementById(`${figure.dataset.qiChart}-spec`).textContent);
    const plot = figure.querySelector("[data-qi-chart-plot]");
    const picture = figure.querySelector("[data-qi-chart-static]");
    const layout = { ...spec.layout, autosize: true, font: { family: "Arial, sans-serif", size: 14, color: "#212b32", ...spec.layout?.font } };
    plot.hidden = false;
    const isNarrow = plot.clientWidth < PHONE; // there a thumb scrolls the page, it does not zoom
    const fitted = isNarrow ? phoneLayout(layout) : layout;
    window.Plotly.newPlot(plot, spec.data, fitted, { ...CONFIG, displayModeBar: isNarrow ? false : "hover", ...spec.config }).then(() => {
      if (picture) picture.hidden = true;
    }, () => {
      plot.hidden = true; // the server-drawn picture stays
    });
    figure.dataset.qiDrawn = "yes";
  }

  function drawAll(scope) {
    if (!window.Plotly) return;
    for (const figure of scope.querySelectorAll("[data-qi-chart]:not([data-qi-drawn])")) draw(figure);
  }

  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();
