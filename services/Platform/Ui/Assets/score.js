// Adds up the points of a scoring form while they are chosen. The server adds up the same way when it saves: points, in hundredths, times weight.

for (const form of document.querySelectorAll('form[data-score]')) {
  const shown = form.querySelector('[data-total]');
  if (!shown) continue;

  const update = () => {
    let total = 0;
    for (const criterion of form.querySelectorAll('[data-weight]')) {
      total += Number(criterion.querySelector('input[type=radio]:checked')?.value ?? 0) * Number(criterion.dataset.weight);
    }
    shown.textContent = Math.floor(total / 100) + form.dataset.score + String(total % 100).padStart(2, '0');
  };
  form.addEventListener('change', update);
  // Browsers put choices back after the page was loaded again.
  update();
}
