"use strict";
(function () {
  const box = document.getElementById("search");
  const found = document.getElementById("found");
  const terms = Array.from(document.querySelectorAll("article.term"), function (term) {
    const texts = Array.from(term.querySelectorAll(".find"), (part) => part.textContent);
    return { term: term, text: texts.join(" ").toLowerCase(), names: texts.slice(0, 2).join(" ").toLowerCase() };
  });
  function search() {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const each of terms) {
      const shown = words.every((word) => each.text.includes(word));
      each.term.hidden = !shown;
      each.term.classList.toggle("named", words.length > 0 && words.every((word) => each.names.includes(word)));
      number += shown ? 1 : 0;
    }
    for (const group of document.querySelectorAll("section.group")) {
      group.hidden = !group.querySelector("article.term:not([hidden])");
    }
    for (const part of document.querySelectorAll("section.apart")) {
      part.hidden = words.length > 0;
    }
    found.textContent = words.length ? number + (number === 1 ? " term" : " terms") : "";
  }
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) {
      box.value = "";
      search();
      target.scrollIntoView();
    }
  }
  box.addEventListener("input", search);
  document.getElementById("search-form").addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", reveal);
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== box) {
      event.preventDefault();
      box.focus();
    }
  });
  search();
})();
