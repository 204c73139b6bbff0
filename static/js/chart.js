// Draws each chart's Plotly specification in place of its server-drawn picture.
(() => {
  "use strict";
  const CONFIG = { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "toImage"] };
  const PHONE = 640;
  const PICTURE = { width: 1200, height: 620, letters: 130, line: 20 };

  function specOf(figure) {
    return JSON.parse(document.getElementById(`${figure.dataset.qiChart}-spec`).textContent);
  }

  function layoutOf(spec) {
    return { ...spec.layout, autosize: true, font: { family: "Arial, sans-serif", size: 14, color: "#212b32", ...spec.layout?.font } };
  }

  function phoneLayout(layout, phone) {
    const margin = { ...layout.margin, l: 44, r: Math.min(layout.margin?.r ?? 24, 92), ...phone?.margin };
    const dated = layout.xaxis?.type === "date";
    const axes = dated ? { xaxis: { ...layout.xaxis, nticks: 3 } } : {};
    const annotations = phone?.annotations ?? layout.annotations;
    return { ...layout, ...axes, annotations, margin, dragmode: false, height: Math.min(layout.height ?? 380, 320) };
  }

  function draw(figure) {
    const spec = specOf(figure);
    const plot = figure.querySelector("[data-qi-chart-plot]");
    const pictures = figure.querySelectorAll("[data-qi-chart-static]");
    const layout = layoutOf(spec);
    plot.hidden = false;
    const isNarrow = plot.clientWidth < PHONE; // there a thumb scrolls the page, it does not zoom
    const fitted = isNarrow ? phoneLayout(layout, spec.phone) : layout;
    window.Plotly.newPlot(plot, spec.data, fitted, { ...CONFIG, displayModeBar: isNarrow ? false : "hover", ...spec.config }).then(() => {
      for (const picture of pictures) picture.hidden = true;
      for (const offer of figure.querySelectorAll("[data-qi-chart-png]")) offer.hidden = false;
    }, () => {
      plot.hidden = true; // the server-drawn picture stays
    });
    figure.dataset.qiDrawn = "yes";
  }

  // The picture for a slide or a board paper: name above, sentence below -------------
  function linesOf(text, letters) {
    const lines = [""];
    for (const word of text.split(/\s+/)) {
      const last = lines[lines.length - 1];
      if (last && last.length + word.length >= letters) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    return lines;
  }

  const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

  function pictureOf(figure) {
    const spec = specOf(figure);
    const layout = layoutOf(spec);
    const sentence = figure.querySelector(".qi-chart__sentence").textContent.trim();
    const lines = linesOf(sentence, PICTURE.letters).map(plain);
    const below = { xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top", yshift: -44, align: "left", showarrow: false, text: lines.join("<br>") };
    const title = { text: plain(figure.dataset.qiChartName), x: 0.02, y: 0.97, yanchor: "top", font: { size: 20 } };
    const margin = { ...layout.margin, t: 84, b: 64 + PICTURE.line * lines.length };
    return { data: spec.data, layout: { ...layout, title, margin, annotations: [...(layout.annotations ?? []), below] } };
  }

  function save(button) {
    const { width, height } = PICTURE;
    const options = { format: "png", width, height, scale: 2, filename: button.dataset.qiChartSave };
    window.Plotly.downloadImage(pictureOf(button.closest("[data-qi-chart]")), options);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-qi-chart-save]");
    if (button) save(button);
  });

  function drawAll(scope) {
    if (!window.Plotly) return;
    for (const figure of scope.querySelectorAll("[data-qi-chart]:not([data-qi-drawn])")) draw(figure);
  }

  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();
