//! Small things panes and views are made of: text that fits, frames, bars, dots, ages. They know nothing of panes.

pub use crate::base::human_time as age;
pub mod bar;
pub mod braille;
pub mod frame;
pub mod list;
pub mod row;
pub mod sparkline;
pub mod text;
