// The rest of the page works without this. Focus goes to the error summary, so that it is read first, and the number of open tasks is shown in the frame.

document.documentElement.classList.add('js');
document.querySelector('[data-focus]')?.focus();

const tasks = document.querySelector('[data-task-count]');
if (tasks) {
  try {
    const answer = await fetch(tasks.dataset.taskCount, { headers: { Accept: 'application/json' } });
    const count = answer.ok ? Number((await answer.json()).count) : 0;
    const badge = tasks.querySelector('.app-count-badge');
    if (count > 0) {
      badge.textContent = String(count);
      badge.hidden = false;
    }
  } catch {
    // No number is shown when it cannot be fetched: the link leads to the list all the same.
  }
}
