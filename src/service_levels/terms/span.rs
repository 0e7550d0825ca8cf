//! A span as people write it, in forms and files: `8 business hours`, `90 business minutes`,
//! `4 clock hours`, `end of business day 1`, `by 12:00 on business day 2`.

use std::fmt;

use super::Span;

/// The longest span in minutes: ten years of clock time.
const LONGEST: u32 = 10 * 366 * 24 * 60;
/// The furthest business day.
const FURTHEST: u32 = 2_000;

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Span::Business { minutes } => amount(f, minutes, "business"),
            Span::Clock { minutes } => amount(f, minutes, "clock"),
            Span::EndOfDay { days } => write!(f, "end of business day {days}"),
            Span::ByTime { days, hour, minute } => {
                write!(f, "by {hour:02}:{minute:02} on business day {days}")
            }
        }
    }
}

fn amount(f: &mut fmt::Formatter<'_>, minutes: u32, of: &str) -> fmt::Result {
    match (minutes, minutes % 60) {
        (60, _) => write!(f, "1 {of} hour"),
        (1, _) => write!(f, "1 {of} minute"),
        (m, 0) => write!(f, "{} {of} hours", m / 60),
        (m, _) => write!(f, "{m} {of} minutes"),
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

/// Why a text is no span: a key of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASpan(pub &'static str);

impl fmt::Display for NotASpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not a span; write \"8 business hours\", \"90 business minutes\", \"4 clock hours\", \
             \"end of business day 1\" or \"by 12:00 on business day 2\"",
        )
    }
}

impl TryFrom<String> for Span {
    type Error = NotASpan;

    fn try_from(text: String) -> Result<Self, NotASpan> {
        text.parse()
    }
}

impl std::str::FromStr for Span {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        match words.as_slice() {
            [n, of @ ("business" | "clock"), unit] => {
                let n: u32 = n.parse().map_err(|_| NotASpan("span-not-understood"))?;
                let minutes = match *unit {
                    "hour" | "hours" => n.checked_mul(60),
                    "minute" | "minutes" => Some(n),
                    _ => return Err(NotASpan("span-not-understood")),
                };
                let minutes = minutes.filter(|m| (1..=LONGEST).contains(m));
                let minutes = minutes.ok_or(NotASpan("span-out-of-range"))?;
                Ok(match *of {
                    "business" => Span::Business { minutes },
                    _ => Span::Clock { minutes },
                })
            }
            ["end", "of", "business", "day", n] => Ok(Span::EndOfDay { days: days(n)? }),
            ["by", time, "on", "business", "day", n] => {
                let (hour, minute) = time
                    .split_once(':')
                    .and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)))
                    .filter(|(h, m)| *h < 24 && *m < 60)
                    .ok_or(NotASpan("span-not-understood"))?;
                let days = days(n)?;
                Ok(Span::ByTime { days, hour, minute })
            }
            _ => Err(NotASpan("span-not-understood")),
        }
    }
}

fn days(n: &str) -> Result<u32, NotASpan> {
    let n: u32 = n.parse().map_err(|_| NotASpan("span-not-understood"))?;
    Some(n)
        .filter(|n| (1..=FURTHEST).contains(n))
        .ok_or(NotASpan("span-out-of-range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "8 business hours",
            "1 business hour",
            "90 business minutes",
            "1 clock minute",
            "24 clock hours",
            "end of business day 1",
            "by 12:05 on business day 2",
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.to_string(), text);
        }
        assert_eq!(
            " 2 Business HOURS ".parse(),
            Ok(Span::Business { minutes: 120 })
        );
    }

    #[test]
    fn a_plain_day_is_nothing_and_neither_is_an_absurd_target() {
        for text in ["1 day", "1 business day", "soon", "", "-4 clock hours"] {
            let read: Result<Span, _> = text.parse();
            assert_eq!(read, Err(NotASpan("span-not-understood")), "{text}");
        }
        for text in [
            "0 business hours",
            "4000000000 clock hours",
            "9000000 clock minutes",
            "end of business day 0",
            "by 12:00 on business day 9999",
        ] {
            let read: Result<Span, _> = text.parse();
            assert_eq!(read, Err(NotASpan("span-out-of-range")), "{text}");
        }
        assert!("by 24:00 on business day 1".parse::<Span>().is_err());
    }
}
