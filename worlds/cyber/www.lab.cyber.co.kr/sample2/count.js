// How many files this page was made of.
document.getElementById("count").textContent =
  "Here it was " + (1 + performance.getEntriesByType("resource").length) + " files.";
