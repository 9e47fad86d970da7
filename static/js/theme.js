// Sets the chosen theme before the first paint; loaded in <head>, everything else waits.
const stored = (() => {
  try {
    return localStorage.getItem("pinapp-theme");
  } catch {
    return null; // storage may be forbidden; the system's choice then stands
  }
})();
if (stored === "light" || stored === "dark") document.documentElement.dataset.theme = stored;
document.documentElement.classList.remove("no-script");
