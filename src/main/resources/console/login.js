// Asks for the token of this clinic's console and opens a session with it.
const language = localStorage.getItem('language') === 'en' ? 'en' : 'es';
document.documentElement.lang = language;

const texts = await (await fetch('/api/texts', { headers: { 'Accept-Language': language } })).json();
for (const element of document.querySelectorAll('[data-text]')) {
  element.textContent = texts[element.dataset.text];
}

document.getElementById('login').addEventListener('submit', async event => {
  event.preventDefault();
  const answer = await fetch('/api/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': language },
    body: JSON.stringify({ token: document.getElementById('token').value }),
  });
  if (answer.ok) {
    location.reload();
  } else {
    document.getElementById('wrong').textContent = (await answer.json()).message;
  }
});
