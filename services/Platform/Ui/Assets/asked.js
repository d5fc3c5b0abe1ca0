// Hides questions that the answers given so far do not ask. Without this they are all there, each with a note when it is to be answered. What was typed in a
// hidden one stays in the form; the server decides in the end what is asked.

const groups = [...document.querySelectorAll('[data-asked-by]')];

function chosen(form, name) {
  return [...form.elements].filter(field => field.name === name && (field.tagName === 'SELECT' || field.checked)).map(field => field.value);
}

function show() {
  const hidden = new Set();
  // In the order of the form: a question hidden here hides those that depend on it.
  for (const group of groups) {
    const { askedBy, anyOf, question } = group.dataset;
    const values = chosen(group.closest('form'), askedBy);
    group.hidden = hidden.has(askedBy) || !JSON.parse(anyOf).some(value => values.includes(value));
    if (group.hidden) hidden.add(question);
  }
}

if (groups.length > 0) {
  show();
  document.addEventListener('change', show);
}
