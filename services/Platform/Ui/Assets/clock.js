// A deadline on the reader's own clock, beside the one on the call's clock, where the two differ. The page says the call's by itself.

for (const place of document.querySelectorAll('[data-yours]')) {
  const at = new Date(place.dataset.at), two = number => String(number).padStart(2, '0');
  const here = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
  if (here === place.dataset.there) continue;
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(at);
  place.textContent = place.dataset.yours.replace('{0}', `${day}, ${two(at.getHours())}:${two(at.getMinutes())}`);
  place.hidden = false;
}
