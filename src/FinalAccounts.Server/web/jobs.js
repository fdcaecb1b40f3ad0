// A page about work that goes on says so with data-refresh (seconds); without a script its own link does the same.
export function watchJobs() {
  const waiting = document.querySelector("[data-refresh]");
  if (waiting) {
    setTimeout(() => location.reload(), Number(waiting.dataset.refresh) * 1000);
  }
}
