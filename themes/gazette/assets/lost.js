// On the page for an address that does not exist: the words of the address fill the search field.
const field = document.getElementById('lost-search');
if (field && !field.value) {
  const last = decodeURIComponent(location.pathname.replace(/%(?![0-9A-Fa-f]{2})/g, '%25')).split('/').filter(Boolean).pop() ?? '';
  field.value = last.replace(/\.\w{2,5}$/, '').replace(/[-_+]+/g, ' ').slice(0, 200);
}
