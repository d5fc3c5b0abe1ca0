// Counts the characters left in text boxes with a limit. The server counts the same way: as people see them, a letter with its accents or an emoji as one.

const graphemes = new Intl.Segmenter(document.documentElement.lang, { granularity: 'grapheme' });
const count = text => [...graphemes.segment(text)].length;

for (const box of document.querySelectorAll('textarea[data-count]')) {
  const shown = document.getElementById(`${box.id}-count`);
  if (!shown) continue;

  // Sighted writers see every change; it is read aloud only after a pause.
  const spoken = document.createElement('div');
  spoken.className = 'govuk-visually-hidden';
  spoken.setAttribute('aria-live', 'polite');
  shown.after(spoken);

  let pause;
  const update = () => {
    const left = Number(box.dataset.count) - count(box.value.trim());
    const text = (left < 0 ? box.dataset.over : box.dataset.left).replace('{0}', String(Math.abs(left)));
    shown.textContent = text;
    shown.classList.toggle('govuk-error-message', left < 0);
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = text; }, 1000);
  };
  box.addEventListener('input', update);
  update();
}
