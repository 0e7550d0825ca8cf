//! What the words of service levels mean, case by case.

mod ends;
mod explained;
mod odd;
mod pauses;
mod pitfalls;
mod sample;
mod stays;
mod steps;
mod updates;
mod versions;
mod worked;
