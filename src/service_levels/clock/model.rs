//! The words of a clock.

crate::text_enum! {
    /// How the clocks of a record stand that its list shows; whether the earliest is at risk or
    /// breached follows from its two instants.
    pub enum ClockState {
        /// No agreement covers it, or nothing of it runs any more.
        None = "none",
        Running = "running",
        Paused = "paused",
        Met = "met",
    }
}
