//! What is drawn, and in which colours.
//!
//! Everything here is a pure function from state to cells: nothing is changed, nothing fails, no clock is read. Panes
//! are drawn one at a time into a buffer of their own (see [`pane::draw`]) and put together by [`pane::paste`].

pub mod pane;
pub mod sign;
pub mod theme;
pub mod widget;

pub use theme::{Role, Theme};
