// Sorts a table by the column whose head is pressed; once more turns it round.

export function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const rising = head.getAttribute("aria-sort") !== "ascending";
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows];
      const value = (row) => row.cells[column].dataset.value;
      // What has no value comes last either way.
      rows.sort((a, b) => !value(a) - !value(b) || (rising ? 1 : -1) * order.compare(value(a), value(b)));
      table.tBodies[0].append(...rows);
    });
  });
}
