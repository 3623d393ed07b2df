// Suggests names of organisations that are public already, while somebody types theirs. Without it nothing is missing.
const field = document.getElementById("f-organisation");
const list = document.createElement("datalist");
let asked = "", waiting = 0;

async function suggest() {
  const begins = field.value.trim();
  if (begins.length < 2 || begins === asked) return;
  asked = begins;
  const answer = await fetch("/me/organisations?begins=" + encodeURIComponent(begins)).catch(() => null);
  if (!answer || !answer.ok || begins !== asked) return;
  const { names } = await answer.json();
  list.replaceChildren(...names.map((name) => new Option(name, name)));
}

if (field) {
  list.id = "known-organisations";
  field.after(list);
  field.setAttribute("list", list.id);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 250);
  });
}
