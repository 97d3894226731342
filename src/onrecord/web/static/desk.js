// Small helps for every page; without them everything still works. `data-key` on a control: that key goes to it.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.target;
  if (at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName))) {
    if (event.key === "Escape") at.blur();
    return;
  }
  for (const control of document.querySelectorAll("[data-key]")) {
    if (control.dataset.key !== event.key || control.disabled) continue;
    event.preventDefault();
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(control.tagName)) control.focus();
    else control.click();
    return;
  }
});
