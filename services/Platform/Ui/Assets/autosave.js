// Saves single fields when they lose focus: name, value and the hidden fields of the form are posted to the address in data-autosave of the field or of its
// form. An answer of 2xx means saved. What could not be saved stays in this tab's storage and is sent again, also after the page was loaded again.
// An answer may carry new values of hidden fields, {"hidden": {"token-title": "4.ab"}}: that is how a page learns the version of what it has just saved; and new
// texts of elements by their id, {"shown": {"sum-total": "1,234.50 BAM"}}.

const texts = document.body.dataset;
const retryAfter = [3, 10, 30, 60];
const fieldsOf = form => [...form.elements].filter(field => field.name && !['hidden', 'submit', 'button', 'file', 'password'].includes(field.type));
const addressOf = field => field.dataset.autosave ?? field.form.dataset.autosave;

function valuesOf(form, name) {
  const all = fieldsOf(form).filter(field => field.name === name);
  const chosen = all.flatMap(field => field.type === 'checkbox' || field.type === 'radio' ? (field.checked ? [field.value] : []) : [field.value]);
  // An unticked box is posted as empty: the server must learn that it was unticked.
  return chosen.length ? chosen : [''];
}

function bodyOf(form, name) {
  const body = new URLSearchParams();
  for (const field of form.elements) if (field.type === 'hidden' && field.name) body.append(field.name, field.value);
  for (const value of valuesOf(form, name)) body.append(name, value);
  return body.toString();
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
    const [name, { address }] = [...pending][0];
    // Made now and not when it was queued: the hidden fields may have changed with the answer before.
    const body = bodyOf(form, name), sent = JSON.stringify(valuesOf(form, name));
    let kept = true, refused = false;
    try {
      if (failures === 0) say(texts.saving, 'saving');
      const answer = await fetch(address, {
        method: 'POST', body, keepalive: body.length < 60000, redirect: 'manual',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json', 'X-Requested-With': 'autosave' },
      });
      if (answer.ok || answer.status === 422 || answer.status === 409) {
        // 422: the value was understood and is not right yet; 409: somebody else changed the field. The sentence is for the writer, and sending it again
        // would not help. What was in conflict stays in storage, with the version it belongs to, until the form is saved as a whole.
        kept = false;
        refused = answer.status === 409;
        failures = 0;
        last.set(name, sent);
        const problem = await answer.json().catch(() => null);
        for (const [hidden, value] of Object.entries(problem?.hidden ?? {})) if (form.elements[hidden]) form.elements[hidden].value = value;
        // Sums that follow from what was saved.
        for (const [id, text] of Object.entries(problem?.shown ?? {})) if (document.getElementById(id)) document.getElementById(id).textContent = text;
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
    if (!kept && pending.get(name)?.value === sent) {
      pending.delete(name);
      if (!refused) sessionStorage.removeItem(keyOf(address, name));
    }
    if (pending.size === 0) return;
    if (kept) timer = setTimeout(send, 1000 * retryAfter[Math.min(failures, retryAfter.length) - 1]);
    else send();
  }

  function queue(field) {
    const address = addressOf(field);
    if (!address) return;
    const value = JSON.stringify(valuesOf(form, field.name));
    if (last.get(field.name) === value && !pending.has(field.name)) return;
    pending.delete(field.name);
    pending.set(field.name, { address, value });
    try {
      sessionStorage.setItem(keyOf(address, field.name), bodyOf(form, field.name));
    } catch {
      // Storage is full or refused: the value is still in the field and in memory.
    }
    send();
  }

  for (const name of new Set(fieldsOf(form).map(field => field.name))) {
    const fields = fieldsOf(form).filter(field => field.name === name), address = addressOf(fields[0]);
    if (!address) continue;
    last.set(name, JSON.stringify(valuesOf(form, name)));
    const left = sessionStorage.getItem(keyOf(address, name));
    if (left === null) continue;
    // Left over from before the page was loaded: what was typed or ticked comes back. Boxes and radio buttons of one name are one field.
    const typed = new URLSearchParams(left), values = typed.getAll(name), token = form.elements['token-' + name];
    fields.forEach((field, at) => {
      if (['checkbox', 'radio'].includes(field.type)) field.checked = values.includes(field.value);
      // The cells of a table have one name.
      else field.value = (fields.length > 1 ? values[at] : values.at(-1)) ?? field.value;
    });
    // And with it the version it was typed over: otherwise it would silently replace what somebody else saved meanwhile.
    if (token && typed.has(token.name)) token.value = typed.get(token.name);
    queue(fields[0]);
  }

  form.addEventListener('change', event => event.target.name && fieldsOf(form).includes(event.target) && queue(event.target));
  form.addEventListener('focusout', event => event.target.name && fieldsOf(form).includes(event.target) && queue(event.target));
  form.addEventListener('submit', () => {
    // The form itself carries everything now.
    clearTimeout(timer);
    for (const field of fieldsOf(form)) sessionStorage.removeItem(keyOf(addressOf(field), field.name));
    pending.clear();
  });
  addEventListener('online', send);
  addEventListener('beforeunload', event => pending.size > 0 && event.preventDefault());
}

for (const form of document.forms) {
  if (form.dataset.autosave || form.querySelector('[data-autosave]')) watch(form);
}
