// Links that name a line of the text beside them move the caret there. Without it they lead to the text.

const box = document.getElementById('text');

const go = line => {
  const lines = box.value.split('\n');
  const at = Math.min(line, lines.length) - 1;
  const start = lines.slice(0, at).reduce((sum, text) => sum + text.length + 1, 0);
  box.focus();
  box.setSelectionRange(start, start + lines[at].length);
  const height = box.scrollHeight / lines.length;
  box.scrollTop = Math.max(0, at * height - box.clientHeight / 2);
};

if (box) {
  for (const link of document.querySelectorAll('a[data-line]')) {
    if (!link.getAttribute('href').startsWith('#')) continue;
    link.addEventListener('click', event => {
      event.preventDefault();
      go(Number(link.dataset.line));
    });
  }
}
