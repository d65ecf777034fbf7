"use strict";
const form = document.getElementById("filter");
const articles = Array.from(document.querySelectorAll("article"));
const selects = Array.from(form.querySelectorAll("select"));
const values = (article, name) => (article.dataset[name] || "").split(" ").filter(Boolean);
for (const select of selects) {
  const counts = new Map();
  for (const article of articles) {
    for (const value of values(article, select.name)) {
      counts.set(value, (counts.get(value) || 0) + 1);
    }
  }
  for (const [value, count] of Array.from(counts).sort((one, other) => other[1] - one[1])) {
    select.add(new Option(`${value} (${count})`, value));
  }
  select.parentElement.hidden = 2 > counts.size;
}
const apply = () => {
  const chosen = selects.filter((select) => select.value !== "");
  for (const article of articles) {
    article.hidden = !chosen.every((select) => values(article, select.name).includes(select.value));
  }
  const shown = articles.filter((article) => !article.hidden).length;
  form.querySelector("output").value = `${shown} of ${articles.length} shown`;
};
form.addEventListener("change", apply);
form.addEventListener("reset", () => setTimeout(apply));
form.hidden = 2 > articles.length;
apply();
