// A slider over the points in time of a year: says at once where it stands, and loads the tables when it is let go.
export function watchSliders() {
  for (const form of document.querySelectorAll("form[data-slider]")) {
    const slider = form.querySelector("input[type=range]");
    const output = form.querySelector("output");
    const points = JSON.parse(form.dataset.slider);
    const show = () => {
      output.textContent = points[slider.valueAsNumber - slider.min];
      slider.setAttribute("aria-valuetext", output.textContent);
    };
    slider.addEventListener("input", show);
    slider.addEventListener("change", () => form.requestSubmit());
    show();
  }
}
