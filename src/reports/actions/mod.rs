//! The verbs of reports: closing a period, saying why a clock was missed, exempting one.

mod close;
mod results;

pub use close::close_period;
pub use results::{approve_exemption, ask_exemption, explain_breach, led_by};
