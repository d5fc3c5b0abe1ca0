// A deadline on the reader's own clock, beside the one on the call's clock, where the two differ. The page says the call's by itself.

for (const place of document.querySelectorAll('[data-yours]')) {
  const at = new Date(place.dataset.at), two = number => String(number).padStart(2, '0');
  const here = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
  if (here === place.dataset.there) continue;
  const language = document.documentElement.lang.replace(/^en$/, 'en-GB');
  // Not every browser has words in every language; then it is figures, as people of the region write days.
  const day = Intl.DateTimeFormat.supportedLocalesOf(language).length > 0
    ? new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(at)
    : `${at.getDate()}.${at.getMonth() + 1}.${at.getFullYear()}.`;
  place.textContent = place.dataset.yours.replace('{0}', `${day}, ${two(at.getHours())}:${two(at.getMinutes())}`);
  place.hidden = false;
}
