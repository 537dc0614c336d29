// What a page that `watch` serves has beside what is published: it hears of changes.
(() => {
  const notice = document.createElement("pre");
  notice.setAttribute("role", "alert");
  notice.id = "watch-notice";
  notice.dir = "ltr";
  notice.lang = "en";
  notice.style.cssText =
    "position:fixed;inset:auto 0 0 0;margin:0;padding:1em;max-height:50vh;overflow:auto;" +
    "white-space:pre-wrap;overflow-wrap:anywhere;font:14px/1.4 monospace;z-index:9;" +
    "background:#fff;color:#111;border-top:4px solid #b00020";
  const say = (text) => {
    if (text === notice.textContent && notice.isConnected === Boolean(text)) return;
    notice.textContent = text;
    if (text) document.documentElement.append(notice);
    else notice.remove();
  };

  // What a reader has opened or chosen, by what it stands in and what it is called.
  const nameOf = (each) =>
    [each.id || each.closest("[id]")?.id, each.querySelector("summary")?.textContent].join("/");
  const opened = () => [...document.querySelectorAll("details[open]")].map(nameOf);
  const chosen = () => [...document.querySelectorAll("input:checked")].map((each) => each.id);

  let version = Number(document.currentScript.dataset.version);
  const renew = async () => {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok) return location.replace("/");
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const script = fresh.querySelector("script[data-version]");
    const place = { left: scrollX, top: scrollY, behavior: "instant" };
    const [open, choices, focus] = [opened(), chosen(), document.activeElement?.id];
    version = Number(script.dataset.version);
    script.remove();
    document.title = fresh.title;
    document.querySelectorAll("head > style").forEach((each) => each.remove());
    document.head.append(...fresh.querySelectorAll("head > style"));
    document.body.className = fresh.body.className;
    document.body.replaceChildren(...fresh.body.childNodes);
    document.querySelectorAll("details").forEach((each) => {
      each.open = open.includes(nameOf(each)) || each.open;
    });
    choices.forEach((id) => {
      const input = id && document.getElementById(id);
      if (input) input.checked = true;
    });
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    scrollTo(place);
  };

  const events = new EventSource("/-/events");
  events.onmessage = async ({ data }) => {
    const now = JSON.parse(data);
    if (now.version !== version) await renew();
    say(now.problem);
  };
  events.onerror = () => say("This page is no longer kept up to date: watch has ended.");
})();
