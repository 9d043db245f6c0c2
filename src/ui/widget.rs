//! Small things panes and views are made of: text that fits, frames, bars, dots. They know nothing of panes.

pub mod bar;
pub mod braille;
pub mod frame;
pub mod list;
pub mod row;
pub mod sparkline;
pub mod text;
