// Keeps an open page in step with the server without losing what somebody is typing, and draws diagrams.

const page = document.getElementById('page');
const toast = document.getElementById('toast');
const MERMAID = '/_assets/mermaid/mermaid.esm.min.mjs';
let diagrams = 0;
let drawing = Promise.resolve();
let fading = 0;
let queued = false;

function say(text) {
  toast.textContent = text;
  toast.classList.add('shown');
  clearTimeout(fading);
  fading = setTimeout(() => toast.classList.remove('shown'), 6000);
}

/** Makes `old` like `next`, touching only what differs. */
function morph(old, next) {
  if (old.isEqualNode(next)) return;
  if (old.nodeType !== next.nodeType || old.nodeName !== next.nodeName) {
    old.replaceWith(next.cloneNode(true));
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = next.nodeValue;
    return;
  }
  if (belongsToTheReader(old, next)) return;
  morphAttributes(old, next);
  morphChildren(old, next);
}

/** Fields somebody may be filling in, and diagrams already drawn from the same text. */
function belongsToTheReader(old, next) {
  if (old.matches('textarea, select, input:not([type=hidden])')) return true;
  return old.classList.contains('drawn') && old.dataset.source === next.dataset.source;
}

function morphAttributes(old, next) {
  const isReaders = (name) => name === 'open' && old.nodeName === 'DETAILS';
  for (const { name } of Array.from(old.attributes)) {
    if (!next.hasAttribute(name) && !isReaders(name)) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (!isReaders(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function morphChildren(old, next) {
  const named = new Map();
  for (const child of old.children) if (child.id) named.set(child.id, child);
  let at = old.firstChild;
  for (const wanted of Array.from(next.childNodes)) {
    const known = wanted.id ? named.get(wanted.id) : null;
    if (known && known !== at) old.insertBefore(known, at);
    const current = known ?? (at?.id ? null : at);
    if (!current) {
      old.insertBefore(wanted.cloneNode(true), at);
      continue;
    }
    at = current.nextSibling;
    morph(current, wanted);
  }
  while (at) {
    const following = at.nextSibling;
    at.remove();
    at = following;
  }
}

async function refresh() {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  document.title = next.title;
  morph(page, next.getElementById('page'));
  drawing = drawing.then(drawDiagrams);
  await drawing;
}

async function drawDiagrams() {
  const waiting = page.querySelectorAll('.mermaid:not(.drawn)');
  if (waiting.length === 0) return;
  const { default: mermaid } = await import(MERMAID);
  const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'default';
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme });
  for (const box of waiting) {
    diagrams += 1;
    try {
      const { svg } = await mermaid.render(`diagram-${diagrams}`, box.dataset.source);
      box.innerHTML = svg;
    } catch (error) {
      const note = document.createElement('p');
      note.className = 'broken';
      note.textContent = `This diagram cannot be drawn. ${error.message}`;
      box.prepend(note);
    }
    box.classList.add('drawn');
  }
}

async function submit(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const buttons = form.querySelectorAll('button');
  for (const button of buttons) button.disabled = true;
  try {
    const headers = { accept: 'application/json' };
    const response = await fetch('/_act', { method: 'POST', body, headers });
    const { next, refused } = await response.json();
    if (refused) say(refused);
    else if (next) location.assign(next);
    else {
      form.reset();
      await refresh();
    }
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

/** Several changes at once are one refresh. */
function refreshSoon() {
  if (queued) return;
  queued = true;
  void drawing.then(() => {
    queued = false;
    return refresh().catch(() => say('The local GitHub does not answer.'));
  });
}

document.addEventListener('submit', (event) => {
  if (event.target.getAttribute('action') !== '/_act') return;
  event.preventDefault();
  void submit(event.target, event.submitter);
});
document.getElementById('viewer').addEventListener('change', ({ target }) => target.form.submit());
new EventSource('/_live').addEventListener('message', refreshSoon);
setInterval(refreshSoon, 30_000);
drawing = drawing.then(drawDiagrams);
