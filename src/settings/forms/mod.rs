//! Calendars and agreements as their forms give them: texts, which become definitions or say by the
//! field why not.

mod agreement;
mod calendar;

pub use agreement::{AGREEMENT_FIELDS, AgreementForm};
pub use calendar::{CALENDAR_FIELDS, CalendarForm};
