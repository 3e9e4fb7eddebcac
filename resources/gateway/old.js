/* Browsers without modules: only the sentence that says so. */
document.getElementById("old").hidden = false;
