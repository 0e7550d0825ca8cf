//! The lamp: one answer everywhere to how a promise stands.

use super::ClockState;
use crate::platform::db::Utc;

/// How a promise stands at an instant. The word is what pages and stylesheet call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lamp {
    Breach,
    /// A third of the time or less is left.
    Risk,
    Ok,
    Paused,
    Met,
    /// Nothing was promised.
    None,
}

impl Lamp {
    pub const ALL: [Lamp; 6] = [
        Lamp::Breach,
        Lamp::Risk,
        Lamp::Ok,
        Lamp::Paused,
        Lamp::Met,
        Lamp::None,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Lamp::Breach => "breach",
            Lamp::Risk => "risk",
            Lamp::Ok => "ok",
            Lamp::Paused => "paused",
            Lamp::Met => "met",
            Lamp::None => "none",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lamp| lamp.word() == word)
    }
}

/// What a lamp is read from: a record's row or a clock's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub state: ClockState,
    /// The far future where nothing is due.
    pub due_at: Utc,
    pub risk_at: Utc,
}

impl Standing {
    /// Stopped exactly when due is met, so it is late only after that instant. Late it stays, whatever
    /// pauses it afterwards.
    pub fn lamp(self, now: Utc) -> Lamp {
        match self.state {
            ClockState::None => Lamp::None,
            ClockState::Met => Lamp::Met,
            _ if self.due_at < now => Lamp::Breach,
            ClockState::Paused => Lamp::Paused,
            ClockState::Running if self.risk_at <= now => Lamp::Risk,
            ClockState::Running => Lamp::Ok,
        }
    }

    /// Tenths of the time still left, 1 to 9, rounded up: what the row's edge shows. The time to the
    /// instant of risk burns down to four tenths, the rest from three to one.
    pub fn tenths_left(self, from: Utc, now: Utc) -> Option<u8> {
        let part = |begin: Utc, end: Utc, of: i64| {
            let whole = (end.micros() - begin.micros()).max(1);
            let left = (end.micros() - now.micros()).clamp(0, whole);
            // Rounded up, without overflow for spans of centuries.
            ((i128::from(left) * i128::from(of) + i128::from(whole) - 1) / i128::from(whole)) as u8
        };
        match self.lamp(now) {
            Lamp::Ok => Some((3 + part(from, self.risk_at, 6)).clamp(4, 9)),
            Lamp::Risk => Some(part(self.risk_at, self.due_at, 3).clamp(1, 3)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Utc {
        Utc::from_micros(minute * 60_000_000)
    }

    fn standing(state: ClockState) -> Standing {
        Standing {
            state,
            due_at: at(90),
            risk_at: at(60),
        }
    }

    #[test]
    fn a_promise_burns_down() {
        let running = standing(ClockState::Running);
        let seen: Vec<_> = [0, 30, 59, 60, 80, 90, 91]
            .into_iter()
            .map(|m| {
                (
                    running.lamp(at(m)).word(),
                    running.tenths_left(at(0), at(m)),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("ok", Some(9)),
                ("ok", Some(6)),
                ("ok", Some(4)),
                ("risk", Some(3)),
                ("risk", Some(1)),
                ("risk", Some(1)),
                ("breach", None),
            ]
        );
    }

    #[test]
    fn late_it_stays_while_it_waits() {
        let paused = Standing {
            due_at: Utc::FAR,
            ..standing(ClockState::Paused)
        };
        assert_eq!(paused.lamp(at(500)), Lamp::Paused);
        assert_eq!(standing(ClockState::Paused).lamp(at(500)), Lamp::Breach);
        assert_eq!(standing(ClockState::Met).lamp(at(500)), Lamp::Met);
        assert_eq!(standing(ClockState::None).lamp(at(500)), Lamp::None);
    }
}
