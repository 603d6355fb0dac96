// Opens a page by the code in its address, and lets an order's page look again. Without it there is a form, and the browser's own reload.
const code = location.hash.slice(1);
const form = document.getElementById('open');
if (code.startsWith('pot_')) {
  // Neither history nor a screenshot keeps the code.
  history.replaceState(null, '', location.pathname);
  if (form instanceof HTMLFormElement) {
    document.getElementById('code').value = code;
    form.submit();
  }
}

// An answer may take seconds: a form that was sent says so, until the page is another one, or this one again.
document.addEventListener('submit', ({ target }) => {
  target.setAttribute('aria-busy', 'true');
  document.getElementById('news').textContent = 'One moment, please.';
});
addEventListener('pageshow', () => document.querySelector('[aria-busy]')?.removeAttribute('aria-busy'));

const seconds = Number(document.getElementById('main').dataset.refresh);
if (seconds > 0) wait();

function wait() {
  setTimeout(
    () =>
      void lookAgain()
        .catch(() => true)
        .then((goOn) => goOn && wait()),
    seconds * 1000,
  );
}

/** True: look again later. */
async function lookAgain() {
  if (document.hidden) return true;
  const reply = await fetch(location.pathname, { cache: 'no-store' });
  if (reply.status >= 500 || reply.status === 429) return true;
  if (!reply.ok) return false;
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
  const [fresh, shown] = [page.getElementById('main'), document.getElementById('main')];
  if (fresh.innerHTML !== shown.innerHTML) show(page, fresh, shown);
  return fresh.dataset.refresh !== undefined;
}

/** Puts the new in place of the old; focus stays where it was, and whoever listens hears the news. */
function show(page, fresh, shown) {
  const at = document.activeElement;
  const place =
    at && shown.contains(at) ? [...shown.querySelectorAll('a')].map((a) => a.href).indexOf(at.href) : -1;
  const news = fresh.querySelector('h1').textContent;
  if (news !== shown.querySelector('h1').textContent) document.getElementById('news').textContent = news;
  document.title = page.title;
  shown.replaceChildren(...fresh.childNodes);
  if (place >= 0) shown.querySelectorAll('a')[place]?.focus();
}
