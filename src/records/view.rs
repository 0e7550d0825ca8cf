//! How parts of a record look on every page: its state's word and glyph, its priority.

use std::borrow::Cow;

use super::rules;
use crate::people::{Shell, TimeLeft, When};
use crate::platform::db::Utc;
use crate::platform::web::icon::Icon;
use crate::platform::words::Words;
use crate::service_levels::{Lamp, Standing, Target};

/// A state's word in the reader's language.
pub fn state_label(t: Words, state: &str) -> Cow<'static, str> {
    let mut key = String::with_capacity(24);
    key.push_str("state-");
    key.extend(state.chars().map(|c| if c == '_' { '-' } else { c }));
    t.s(&key)
}

/// A state's glyph: dashed ring, ring, half, pause, tick, disc. States of one meaning share one.
pub fn state_icon(state: &str) -> Icon {
    Icon::line(match state {
        "new" | "draft" => "s-new",
        "assigned" | "assessment" | "fix_planned" | "facts_agreed" => "s-asg",
        "waiting" | "awaiting_approval" => "s-wait",
        "scheduled" => "clock",
        "verifying" | "review" | "in_review" => "eye",
        "resolved" | "fulfilled" | "published" | "done" => "s-res",
        "closed" | "verified" => "s-done",
        "rejected" | "cancelled" | "declined" => "x",
        _ => "s-prog",
    })
}

/// `P1` for the highest.
pub fn priority_label(priority: i32) -> String {
    format!("P{priority}")
}

/// Said of a record that went from hand to hand.
pub fn handed_often(t: Words, handoffs: i32) -> Option<String> {
    (handoffs >= rules::MANY_HANDOFFS).then(|| t.n("handed-often", handoffs))
}

/// How a promise stands, as every list and page shows it.
#[derive(Debug, Clone)]
pub struct ClockView {
    /// The word of the stylesheet.
    pub lamp: &'static str,
    /// Our word for it.
    pub word: Cow<'static, str>,
    pub glyph: Icon,
    /// Tenths of the time left, for the edge that burns down.
    pub tenths: Option<u8>,
    /// When it is due, and how long that is from now.
    pub due: Option<(When, String)>,
}

/// `from` is when the time began to run; `words` are those of the page.
pub fn clock_view(shell: &Shell, words: &TimeLeft, standing: Standing, from: Utc) -> ClockView {
    let lamp = standing.lamp(shell.now);
    let is_due = standing.due_at < Utc::FAR && !matches!(lamp, Lamp::None | Lamp::Met);
    ClockView {
        lamp: lamp.word(),
        word: shell.t.s(lamp_key(lamp)),
        glyph: Icon::glyph(lamp.word()),
        tenths: standing.tenths_left(from, shell.now),
        due: is_due.then(|| {
            let left = standing.due_at.micros().saturating_sub(shell.now.micros());
            (shell.when(standing.due_at), words.write(left))
        }),
    }
}

/// A lamp's name.
pub fn lamp_key(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Breach => "lamp-breach",
        Lamp::Risk => "lamp-risk",
        Lamp::Ok => "lamp-ok",
        Lamp::Paused => "lamp-paused",
        Lamp::Met => "lamp-met",
        Lamp::None => "lamp-none",
    }
}

/// A target's name.
pub fn target_key(target: Target) -> &'static str {
    match target {
        Target::FirstResponse => "target-first-response",
        Target::Resolution => "target-resolution",
        Target::NextUpdate => "target-next-update",
        Target::Ola => "target-ola",
        Target::Supplier => "target-supplier",
    }
}

/// A time in hours and minutes, however long: a day of business hours is not a day of a clock.
pub fn hours(t: Words, micros: i64) -> String {
    let minutes = micros.unsigned_abs() / 60_000_000;
    let text = match minutes / 60 {
        0 => t.with1("time-minutes", "n", minutes.to_string().as_str()),
        hours => {
            let (hours, rest) = (hours.to_string(), format!("{:02}", minutes % 60));
            t.with2(
                "time-hours-minutes",
                "n",
                hours.as_str(),
                "m",
                rest.as_str(),
            )
        }
    };
    match micros < 0 {
        true => t.with1("time-over", "time", text.as_str()),
        false => text,
    }
}
