//! What the words of service levels mean, case by case.

mod sample;
mod worked;
