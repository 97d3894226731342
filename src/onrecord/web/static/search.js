// The bars of a search: drag over some, or hold Shift and use the arrow keys, to choose a span of time. Without this each bar is a link, and the form has days.
"use strict";
(() => {
  const chart = document.querySelector("svg.bars");
  if (!chart) return;
  const bars = [...chart.querySelectorAll("a")];
  const status = document.querySelector(".brushed");
  const help = document.querySelector(".brush-help");
  if (help) help.hidden = false;
  let from = -1, to = -1, dragging = false, dragged = false;

  const pick = (a, b) => {
    [from, to] = [a, b];
    const [low, high] = a < b ? [a, b] : [b, a];
    let count = 0;
    bars.forEach((bar, n) => {
      const inside = a >= 0 && n >= low && n <= high;
      bar.toggleAttribute("data-picked", inside);
      if (inside) count += Number(bar.dataset.count);
    });
    status.textContent = a < 0 || a === b ? "" : `${bars[low].dataset.name} to ${bars[high].dataset.name}: ${count.toLocaleString("en")} statements.`;
  };
  const go = () => {
    const [low, high] = from < to ? [from, to] : [to, from];
    const brush = chart.dataset.brush;
    const days = new URLSearchParams({ since: bars[low].dataset.first, until: bars[high].dataset.last });
    location.assign(brush + (brush.includes("?") ? "&" : "?") + days);
  };
  const at = (event) => {
    const box = chart.getBoundingClientRect();
    return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)));
  };

  // One stop for the Tab key; arrows go from bar to bar.
  let here = bars.length - 1;
  const focus = (n) => {
    bars[here].tabIndex = -1;
    here = n;
    bars[here].tabIndex = 0;
    bars[here].focus();
  };
  bars.forEach((bar, n) => {
    bar.setAttribute("tabindex", n === here ? "0" : "-1");
    bar.setAttribute("draggable", "false");
  });
  chart.addEventListener("keydown", (event) => {
    const now = bars.indexOf(event.target.closest("a"));
    if (now < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(bars.length - 1, step));
      pick(event.shiftKey ? (from < 0 ? now : from) : -1, event.shiftKey ? next : -1);
      focus(next);
    } else if (event.key === "Enter" && from >= 0 && from !== to) {
      event.preventDefault();
      go();
    } else if (event.key === "Escape") {
      pick(-1, -1);
    }
  });
  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    dragging = true;
    dragged = false;
    from = to = at(event);
  });
  window.addEventListener("pointermove", (event) => {
    if (!dragging) return;
    const n = at(event);
    if (n !== from) dragged = true;
    if (dragged) pick(from, n);
  });
  window.addEventListener("pointerup", () => {
    if (!dragging) return;
    dragging = false;
    if (dragged && from !== to) go();
    else pick(-1, -1);
  });
  window.addEventListener("pointercancel", () => {
    dragging = false;
    pick(-1, -1);
  });
  chart.addEventListener("click", (event) => {
    if (dragged) event.preventDefault();
  });
  chart.addEventListener("dragstart", (event) => event.preventDefault());
})();
