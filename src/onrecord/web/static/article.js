// The article's page: a number in the text opens its card; selected words become a part of a statement. Without this, links and words typed do the same.
"use strict";
const words = document.getElementById("words");

function openCard(id) {
  const card = id && document.getElementById(id);
  if (!card || !card.classList.contains("card")) return false;
  card.querySelector("details").open = true;
  return true;
}

function fromAddress() {
  let id = "";
  try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
  // A card that is on another part, or of another text: its own address knows where.
  if (!openCard(id) && /^s1:[0-9a-f]+$/.test(id) && !new URLSearchParams(location.search).has("statement")) location.replace(`/statements/${id}`);
}

// Where a place in the page is in the text, in code points; each piece says where it begins.
function offsetOf(node, at, late) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
  if (!piece || !words.contains(piece)) return null;
  const start = Number(piece.dataset.at);
  if (piece.dataset.end) return late ? Number(piece.dataset.end) : start;
  const range = document.createRange();
  range.selectNodeContents(piece);
  range.setEnd(node, at);
  return start + Array.from(range.toString()).length;
}

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = offsetOf(range.startContainer, range.startOffset, false);
  const end = offsetOf(range.endContainer, range.endOffset, true);
  return start === null || end === null || start >= end ? null : `${start}:${end}`;
}

if (words) {
  addEventListener("hashchange", fromAddress);
  fromAddress();
  let last = null;
  document.addEventListener("selectionchange", () => { last = selected() || last; });
  for (const control of document.querySelectorAll(".scripted")) control.hidden = false;
  for (const control of document.querySelectorAll("[data-take]")) {
    control.addEventListener("click", () => {
      if (!last) return;
      const field = document.getElementById(control.dataset.take);
      field.value = last;
      field.focus();
    });
  }
  words.addEventListener("click", (event) => {
    const mark = event.target.closest("a.mark");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (openCard(decodeURIComponent(new URL(mark.href).hash.slice(1)))) {
      event.preventDefault();
      const summary = document.getElementById(decodeURIComponent(new URL(mark.href).hash.slice(1))).querySelector("summary");
      summary.focus();
      summary.scrollIntoView({ block: "nearest" });
    }
  });
  const light = (event, on) => {
    const card = event.target.closest(".card");
    if (!card) return;
    for (const bit of words.querySelectorAll(`[data-of~="${card.dataset.n}"]`)) bit.classList.toggle("lit", on);
  };
  for (const [kind, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) document.addEventListener(kind, (event) => light(event, on));
}
