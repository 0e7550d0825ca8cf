// Times that run out, counted on by the server's clock: a wrong clock of this machine does no harm.
// Only pages with clocks say what time it is there, and how a time left is written.
const skew = Date.parse(root.dataset.now) - performance.now();
const words = root.dataset.left;
const due = words ? all("time[data-due]") : [];

const left = micros => {
  const [days, hours, short, over] = words.split("|");
  const minutes = Math.floor(Math.abs(micros) / 60000), h = Math.floor(minutes / 60);
  const text = h >= 24 ? fill(days, { n: Math.floor(h / 24), m: h % 24 })
    : h ? fill(hours, { n: h, m: String(minutes % 60).padStart(2, "0") })
      : fill(short, { n: minutes });
  return micros < 0 ? fill(over, { time: text }) : text;
};
const tick = () => {
  for (const time of due) {
    const text = left(Date.parse(time.dateTime) - skew - performance.now());
    if (time.textContent !== text) time.textContent = text;
  }
};
if (due.length) setInterval(tick, 15000);
