// Keys, and decisions without loading the page again. Without this script every form does the same by itself.
"use strict";
(() => {
  const KEYS = "review-keys";
  const $ = (selector, below = document) => below.querySelector(selector);
  const rows = () => [...document.querySelectorAll(".row")];
  const store = { get: () => { try { return localStorage.getItem(KEYS); } catch { return null; } },
                  set: (value) => { try { localStorage.setItem(KEYS, value); } catch { /* private mode */ } } };
  let current = null; // the id of the row that keys act on
  let queue = Promise.resolve(); // decisions are sent one after the other

  function say(words) { $("#said").textContent = words; }
  function row() { return current && document.getElementById("r-" + current); }

  function go(to) {
    if (!to) return;
    row()?.classList.remove("current");
    current = to.dataset.id;
    to.classList.add("current");
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    const all = rows();
    const at = all.indexOf(row());
    const to = at < 0 ? all[0] : all[at + by];
    if (to) go(to);
    else if (by > 0) queue.then(turn);
  }

  // Behind the last row: the same list again where all on this page is decided, else the next page.
  function turn() {
    const left = rows().some((each) => each.dataset.first === each.dataset.status);
    const next = $("a[rel=next]");
    if (!left && document.body.dataset.decided) location.reload();
    else if (next) location.assign(next.href);
    else say("This is the last entry.");
  }

  async function send(form, button) {
    const body = new URLSearchParams(new FormData(form, button));
    // Not form.action: a button of that name would be meant.
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } });
    if (!(answer.headers.get("content-type") || "").startsWith("application/json")) {
      throw new Error(await answer.text());
    }
    return answer.json();
  }

  function show(parts) {
    say(parts.words);
    if (parts.last !== undefined) $("#last").innerHTML = parts.last;
    if (parts.clashes) $("#clashes").innerHTML = parts.clashes;
    for (const [id, html] of Object.entries(parts.rows || {})) replace(id, html);
    count();
  }

  function replace(id, html) {
    const old = document.getElementById("r-" + id);
    if (!old || old.matches(".single")) return;
    const had = old.contains(document.activeElement);
    const box = document.createElement("template");
    box.innerHTML = html.trim(); // made by the server, with every text in it escaped
    const fresh = box.content.firstElementChild;
    fresh.dataset.first = old.dataset.first;
    old.replaceWith(fresh);
    if (id === current) fresh.classList.add("current");
    if (had) fresh.focus({ preventScroll: true });
  }

  function submit(form, button, after) {
    const of = form.closest(".row");
    of?.classList.add("busy");
    queue = queue.then(() => send(form, button)).then((parts) => {
      document.body.dataset.decided = "1";
      if (form.dataset.clash && parts.rows) form.closest(".clash").remove();
      show(parts);
      if (after) after(parts);
      if ($(".row.single") && parts.rows) location.reload();
    }).catch((error) => say("Not saved: " + error.message)).finally(() => of?.classList.remove("busy"));
  }

  function decide(action) {
    const here = row();
    const button = here && $(`button[value=${action}]`, here);
    if (!button) return say("No entry is chosen; j goes to the first.");
    submit(button.form, button);
    const all = rows();
    go(all[all.indexOf(here) + 1]);
  }

  function edit() {
    const box = row() && $("details.edit", row());
    if (!box) return;
    box.open = true;
    const field = $("input[name=target]", box);
    field.focus();
    field.select();
  }

  function take(number) {
    const text = row() && row().querySelectorAll(".proposal dd")[number - 1]?.textContent;
    if (!text) return say("There is no proposal " + number + " here.");
    $("details.edit", row()).open = true;
    $("input[name=target]", row()).value = text;
    say("Proposal " + number + " is the translation now; a approves it.");
  }

  function undo() {
    const form = $(".undo");
    if (!form) return say("Nothing to undo.");
    submit(form, $("button", form), (parts) => go(document.getElementById("r-" + Object.keys(parts.rows || {})[0])));
  }

  function many(action) {
    const form = $("#many");
    if (!form) return;
    if (!document.querySelector("input[name=pick]:checked")) return say("Nothing is selected; x selects an entry.");
    submit(form, $(`button[value=${action}]`, form));
  }

  function count() {
    const box = $("#count");
    if (!box) return;
    const picked = document.querySelectorAll("input[name=pick]:checked").length;
    box.textContent = picked ? `${picked} selected` : "";
    $("#all").checked = picked > 0 && picked === rows().length;
  }

  function pick() {
    const box = row() && $("input[name=pick]", row());
    if (box) { box.checked = !box.checked; count(); }
  }

  const ACTS = {
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    a: () => decide("approve"), r: () => decide("reject"), f: () => decide("forbid"), e: edit, u: undo, x: pick,
    A: () => many("approve"), R: () => many("reject"),
    o: () => { const link = row() && $("a.source", row()); if (link) location.assign(link.href); },
    "/": () => { const box = $("#text"); if (box) { box.focus(); box.select(); } else location.assign("/"); },
    "?": () => location.assign("/help"),
    n: () => { const pair = $("#pair")?.value; location.assign("/new" + (pair ? "?pair=" + pair : "")); },
  };

  for (let number = 1; number < 10; number += 1) ACTS[number] = () => take(number);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (field) {
      if (event.key === "Escape") { field.blur(); go(field.closest(".row") || row()); }
      return;
    }
    if (event.key.startsWith("Arrow") && !current) return;
    const act = store.get() === "off" ? null : ACTS[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".decide, .undo, #many, [data-clash]")) return;
    event.preventDefault();
    const here = form.closest(".row");
    if (form.matches(".undo")) return undo();
    submit(form, event.submitter);
    if (here && event.submitter?.value !== "save" && $("details[open]", here)) {
      const all = rows();
      go(all[all.indexOf(here) + 1] || here);
    }
  });

  document.addEventListener("click", (event) => {
    const keep = event.target.closest("[data-keep]");
    if (keep && keep.closest("#clashes")) { event.preventDefault(); keep.closest(".clash").remove(); }
  });
  document.addEventListener("focusin", (event) => {
    const here = event.target.closest(".row");
    if (here && here.dataset.id !== current) {
      row()?.classList.remove("current");
      current = here.dataset.id;
      here.classList.add("current");
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "all") {
      for (const box of document.querySelectorAll("input[name=pick]")) box.checked = event.target.checked;
    }
    if (event.target.id === "keys") store.set(event.target.checked ? "on" : "off");
    if (event.target.matches("#all, input[name=pick]")) count();
  });

  for (const each of rows()) each.dataset.first = each.dataset.status;
  const all = $(".all");
  if (all) all.hidden = false;
  const keys = $("#keys");
  if (keys) keys.checked = store.get() !== "off";
  count();
  // The keys have a row to act on at once, unless a link points elsewhere.
  if (!location.hash && rows()[0]) go(rows()[0]);
})();
