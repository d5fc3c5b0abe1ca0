// Saves single fields when they lose focus: name, value and the hidden fields of the form are posted to the address in data-autosave of the field or of its
// form. An answer of 2xx means saved. What could not be saved stays in this tab's storage and is sent again, also after the page was loaded again.

const texts = document.body.dataset;
const retryAfter = [3, 10, 30, 60];
const fieldsOf = form => [...form.elements].filter(field => field.name && !['hidden', 'submit', 'button', 'file', 'password'].includes(field.type));
const addressOf = field => field.dataset.autosave ?? field.form.dataset.autosave;

function valuesOf(form, name) {
  const values = new URLSearchParams();
  for (const field of form.elements) if (field.type === 'hidden' && field.name) values.append(field.name, field.value);
  const all = fieldsOf(form).filter(field => field.name === name);
  const chosen = all.flatMap(field => field.type === 'checkbox' || field.type === 'radio' ? (field.checked ? [field.value] : []) : [field.value]);
  // An unticked box is posted as empty: the server must learn that it was unticked.
  for (const value of chosen.length ? chosen : ['']) values.append(name, value);
  return values.toString();
}

function watch(form) {
  const status = document.createElement('p');
  status.className = 'app-save';
  status.setAttribute('role', 'status');
  form.append(status);

  const last = new Map(); // what the server has, by field
  const pending = new Map(); // what it still has to get
  let sending = false, failures = 0, timer;

  const keyOf = (address, name) => `autosave ${address} ${name}`;
  const say = (text, state) => {
    status.textContent = text;
    status.dataset.state = state;
  };

  async function send() {
    if (sending || pending.size === 0) return;
    sending = true;
    clearTimeout(timer);
    const [name, { address, body }] = [...pending][0];
    let kept = true;
    try {
      if (failures === 0) say(texts.saving, 'saving');
      const answer = await fetch(address, {
        method: 'POST', body, keepalive: body.length < 60000, redirect: 'manual',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json', 'X-Autosave': '1' },
      });
      if (answer.ok || answer.status === 422) {
        // 422: the value was understood and is not right yet; the sentence is for the writer, and sending it again would not help.
        kept = false;
        failures = 0;
        last.set(name, body);
        const problem = answer.ok ? null : await answer.json().catch(() => null);
        const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date());
        say(answer.ok ? texts.saved.replace('{0}', time) : problem?.error ?? texts.saveFailed, answer.ok ? 'saved' : 'failed');
      } else {
        failures++;
        say(answer.status === 401 ? texts.saveSignedOut : texts.saveFailed, 'failed');
      }
    } catch {
      failures++;
      say(texts.saveFailed, 'failed');
    }

    sending = false;
    // Typed on meanwhile: the newer value waits in its place.
    if (!kept && pending.get(name)?.body === body) {
      pending.delete(name);
      sessionStorage.removeItem(keyOf(address, name));
    }
    if (pending.size === 0) return;
    if (kept) timer = setTimeout(send, 1000 * retryAfter[Math.min(failures, retryAfter.length) - 1]);
    else send();
  }

  function queue(field) {
    const address = addressOf(field);
    if (!address) return;
    const body = valuesOf(form, field.name);
    if (last.get(field.name) === body && !pending.has(field.name)) return;
    pending.delete(field.name);
    pending.set(field.name, { address, body });
    try {
      sessionStorage.setItem(keyOf(address, field.name), body);
    } catch {
      // Storage is full or refused: the value is still in the field and in memory.
    }
    send();
  }

  for (const field of fieldsOf(form)) {
    const address = addressOf(field);
    if (!address) continue;
    last.set(field.name, valuesOf(form, field.name));
    const left = sessionStorage.getItem(keyOf(address, field.name));
    if (left === null || ['checkbox', 'radio'].includes(field.type)) continue;
    // Left over from before the page was loaded: what was typed comes back into the field.
    field.value = new URLSearchParams(left).getAll(field.name).at(-1) ?? field.value;
    queue(field);
  }

  form.addEventListener('change', event => event.target.name && fieldsOf(form).includes(event.target) && queue(event.target));
  form.addEventListener('focusout', event => event.target.name && fieldsOf(form).includes(event.target) && queue(event.target));
  form.addEventListener('submit', () => {
    // The form itself carries everything now.
    clearTimeout(timer);
    for (const [name, { address }] of pending) sessionStorage.removeItem(keyOf(address, name));
    pending.clear();
  });
  addEventListener('online', send);
  addEventListener('beforeunload', event => pending.size > 0 && event.preventDefault());
}

for (const form of document.forms) {
  if (form.dataset.autosave || form.querySelector('[data-autosave]')) watch(form);
}
