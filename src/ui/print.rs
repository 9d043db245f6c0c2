//! A drawn screen as text, for what is no terminal: a file, a pipe, a picture.
//!
//! The styles become escape sequences that any terminal reads; nothing positions the cursor.

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};

use super::widget;

/// The buffer line by line, with or without its styles. Without them nothing trails a line.
pub fn text(buffer: &Buffer, styled: bool) -> String {
    let width = usize::from(buffer.area.width.max(1));
    let mut text = String::new();
    for row in buffer.content.chunks(width) {
        let mut line = String::new();
        let mut style = String::new();
        let mut covered = 0;
        for cell in row {
            // The second half of a wide character holds nothing of its own.
            if covered > 0 {
                covered -= 1;
                continue;
            }
            covered = widget::text::width(cell.symbol()).saturating_sub(1);
            if styled {
                let next = sgr(cell);
                if next != style {
                    line.push_str(&next);
                    style = next;
                }
            }
            line.push_str(cell.symbol());
        }
        match styled {
            true => text.extend([line.as_str(), "\x1b[0m\n"]),
            false => text.extend([line.trim_end(), "\n"]),
        }
    }
    text
}

/// The escape sequence that sets a cell's style from nothing.
fn sgr(cell: &Cell) -> String {
    let mut codes = vec!["0".to_owned()];
    let modifiers = [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
        (Modifier::CROSSED_OUT, "9"),
    ];
    codes.extend(modifiers.iter().filter(|(m, _)| cell.modifier.contains(*m)).map(|(_, code)| (*code).to_owned()));
    codes.extend(color(cell.fg, 30));
    codes.extend(color(cell.bg, 40));
    format!("\x1b[{}m", codes.join(";"))
}

fn color(color: Color, base: u8) -> Option<String> {
    let named = |n: u8| Some(if n < 8 { (base + n).to_string() } else { (base + 60 + n - 8).to_string() });
    match color {
        Color::Reset => None,
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
        Color::Indexed(n) => Some(format!("{};5;{n}", base + 8)),
        Color::Rgb(r, g, b) => Some(format!("{};2;{r};{g};{b}", base + 8)),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn with_and_without_styles() {
        let mut buffer = Buffer::with_lines(["支 ok ", "plain"]);
        buffer.set_style(ratatui::layout::Rect::new(3, 0, 2, 1), Style::new().fg(Color::LightRed).bold());
        assert_eq!(text(&buffer, false), "支 ok\nplain\n");
        assert_eq!(text(&buffer, true), "\x1b[0m支 \x1b[0;1;91mok\x1b[0m \x1b[0m\n\x1b[0mplain \x1b[0m\n");
        assert_eq!(color(Color::Rgb(1, 2, 3), 40).as_deref(), Some("48;2;1;2;3"));
    }
}
