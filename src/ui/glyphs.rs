//! Which characters the terminal has. Everything is drawn as if it had all of them; where it has not, each cell is put into
//! the form it has just before it is handed on.

use ratatui::buffer::Buffer;

/// The characters to draw in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// All of them; charts in Braille patterns, two by four dots a cell.
    #[default]
    Braille,
    /// Those of consoles without a graphical screen: half blocks, simple lines, a few signs.
    Block,
    /// ASCII.
    Ascii,
}

/// What stands for a character that nothing else here stands for.
const UNKNOWN: char = '?';

/// Each sign of the screen, in ASCII, and on a console. Lines and Braille patterns are worked out.
const SIGNS: &[(char, char, char)] = &[
    // Lines of a chart; no two alike.
    ('■', '#', '■'),
    ('◆', '&', '&'),
    ('▮', '@', '@'),
    ('□', 'o', 'o'),
    ('◇', 'x', 'x'),
    ('▯', '=', '='),
    ('◈', '$', '$'),
    ('▣', 'H', 'H'),
    // Alerts, changes, states.
    ('▲', '!', '▲'),
    ('●', '*', '*'),
    ('·', '.', '·'),
    ('○', 'o', 'o'),
    ('◌', '?', '?'),
    ('◐', '=', '='),
    // A change; `%` would be a unit.
    ('↺', 'C', 'C'),
    ('↩', '<', '<'),
    ('✓', '+', '+'),
    ('✗', 'x', 'x'),
    ('▼', 'v', '▼'),
    ('∅', '0', '0'),
    // What points.
    ('›', '>', '>'),
    ('▸', '>', '>'),
    ('▶', '>', '>'),
    ('◀', '<', '<'),
    ('←', '<', '←'),
    ('→', '>', '→'),
    ('↑', '^', '↑'),
    ('↓', 'v', '↓'),
    // Writing.
    ('…', '~', '~'),
    ('×', 'x', 'x'),
    ('–', '-', '-'),
    ('—', '-', '-'),
    ('−', '-', '-'),
    ('‘', '\'', '\''),
    ('’', '\'', '\''),
    ('“', '"', '"'),
    ('”', '"', '"'),
    ('•', '*', '*'),
    ('≈', '~', '≈'),
    ('≥', '>', '≥'),
    ('≤', '<', '≤'),
    // `!` stands beside it in a cell and means something else.
    ('≠', '/', '/'),
    ('∞', '?', '?'),
    ('µ', 'u', 'µ'),
    ('°', 'o', '°'),
    // Heights.
    ('▁', '_', '_'),
    ('▂', '_', '_'),
    ('▃', '.', '▄'),
    ('▄', '-', '▄'),
    ('▅', '=', '▄'),
    ('▆', '*', '█'),
    ('▇', '#', '█'),
    ('█', '#', '█'),
    // Shades.
    ('░', ':', '░'),
    ('▒', '+', '▒'),
    ('▓', '*', '▓'),
    ('▀', '"', '▀'),
    ('▌', '|', '▌'),
    ('▐', '|', '▐'),
];

/// Signs whose ASCII form takes the space behind them, too.
const TWO: [(char, [&str; 2]); 3] = [('≥', [">", "="]), ('≤', ["<", "="]), ('≠', ["/", "="])];

impl Glyphs {
    /// Puts all cells into the form the terminal has.
    pub fn fit(self, buf: &mut Buffer) {
        if self == Self::Braille {
            return;
        }
        let width = usize::from(buf.area.width);
        for at in 0..buf.content.len() {
            let Some(c) = buf.content[at].symbol().chars().next().filter(|c| !c.is_ascii()) else { continue };
            let is_last = (at + 1).checked_rem(width) == Some(0);
            let has_room = self == Self::Ascii && !is_last && buf.content[at + 1].symbol() == " ";
            match TWO.iter().find(|(sign, _)| *sign == c).filter(|_| has_room) {
                Some((_, [first, second])) => {
                    buf.content[at].set_symbol(first);
                    buf.content[at + 1].set_symbol(second);
                }
                None => {
                    buf.content[at].set_char(self.form(c).unwrap_or(UNKNOWN));
                }
            }
        }
    }

    /// The form of a character; `None` when it has none.
    pub fn form(self, c: char) -> Option<char> {
        let is_console = self == Self::Block;
        match c {
            _ if self == Self::Braille || c.is_ascii() => Some(c),
            '\u{2500}'..='\u{257f}' => Some(if is_console { console_line(c) } else { ascii_line(c) }),
            '\u{2800}'..='\u{28ff}' => {
                let dots = (u32::from(c) & 0xff) as u8;
                Some(if is_console { block_dots(dots) } else { ascii_dots(dots) })
            }
            _ => {
                let (_, ascii, console) = SIGNS.iter().find(|(sign, ..)| *sign == c)?;
                Some(if is_console { *console } else { *ascii })
            }
        }
    }
}

/// Thin lines, and thick ones apart from them: those of the pane that has the keys.
fn ascii_line(c: char) -> char {
    match c {
        '─' | '╌' | '╴' | '╶' => '-',
        '│' | '╎' | '╵' | '╷' => '|',
        '━' | '╸' | '╺' | '╼' | '╾' => '=',
        '┃' | '╹' | '╻' => '#',
        '┄' | '┅' | '┈' | '┉' => '.',
        '┆' | '┇' | '┊' | '┋' => ':',
        '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => '+',
        _ => '#',
    }
}

/// Consoles have thin lines and double ones, and none that are thick. Where both meet there are thin ones.
fn console_line(c: char) -> char {
    match c {
        '━' | '╸' | '╺' | '╼' | '╾' => '═',
        '┃' | '╹' | '╻' => '║',
        '┄' | '┅' | '┈' | '┉' | '╌' => '·',
        '┆' | '┇' | '┊' | '┋' | '╎' => ':',
        '╴' | '╶' => '─',
        '╵' | '╷' => '│',
        '┏' => '╔',
        '┓' => '╗',
        '┗' => '╚',
        '┛' => '╝',
        '┣' => '╠',
        '┫' => '╣',
        '┳' => '╦',
        '┻' => '╩',
        '╋' => '╬',
        '\u{250c}'..='\u{250f}' => '┌',
        '\u{2510}'..='\u{2513}' => '┐',
        '\u{2514}'..='\u{2517}' => '└',
        '\u{2518}'..='\u{251b}' => '┘',
        '\u{251c}'..='\u{2523}' => '├',
        '\u{2524}'..='\u{252b}' => '┤',
        '\u{252c}'..='\u{2533}' => '┬',
        '\u{2534}'..='\u{253b}' => '┴',
        '\u{253c}'..='\u{254b}' => '┼',
        c => c,
    }
}

/// The dots of the left column and of the right one, from the top. Braille patterns count them in another order.
fn columns(dots: u8) -> [[bool; 4]; 2] {
    [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]].map(|column| column.map(|bit: u8| dots & bit != 0))
}

/// The half of the cell that has dots.
fn block_dots(dots: u8) -> char {
    let [left, right] = columns(dots);
    let row = |at: usize| left[at] || right[at];
    let (upper, lower) = (row(0) || row(1), row(2) || row(3));
    let has = |column: [bool; 4]| column.contains(&true);
    match (upper, lower, has(left), has(right)) {
        (false, false, ..) => ' ',
        (true, false, ..) => '▀',
        (false, true, ..) => '▄',
        (true, true, true, false) => '▌',
        (true, true, false, true) => '▐',
        (true, true, ..) => '█',
    }
}

/// A mark as high or low as the dots, or as steep.
fn ascii_dots(dots: u8) -> char {
    let [left, right] = columns(dots);
    let rows: Vec<usize> = (0..4).filter(|row| left[*row] || right[*row]).collect();
    let (Some(top), Some(bottom)) = (rows.first(), rows.last()) else { return ' ' };
    let middle = |column: [bool; 4]| {
        let set: Vec<usize> = (0..4).filter(|row| column[*row]).collect();
        (!set.is_empty()).then(|| set.iter().sum::<usize>() as f64 / set.len() as f64)
    };
    match (top, bottom) {
        (0, 0 | 1) => '\'',
        (1, 1 | 2) | (2, 2) => '-',
        (2, 3) => '.',
        (3, 3) => '_',
        _ if dots.count_ones() >= 6 => '*',
        _ => match (middle(left), middle(right)) {
            (Some(left), Some(right)) if left > right => '/',
            (Some(left), Some(right)) if left < right => '\\',
            (Some(_), Some(_)) => ':',
            _ => '|',
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::ui::pane::timeseries::legend;

    #[track_caller]
    fn check(glyphs: Glyphs, drawn: &str, expected: &str) {
        let mut buf = Buffer::with_lines([drawn]);
        glyphs.fit(&mut buf);
        assert_eq!(buf, Buffer::with_lines([expected]));
    }

    #[test]
    fn what_a_terminal_has_not_takes_the_form_it_has() {
        let drawn = "┏ a ━┓│ ⣀⠤⠒⠉⡇⢸⣿⡠⠊ ▲ crit ×8 (≥ 99.5) ┈";
        check(Glyphs::Braille, drawn, drawn);
        check(Glyphs::Block, drawn, "╔ a ═╗│ ▄▄▀▀▌▐█▄▀ ▲ crit x8 (≥ 99.5) ·");
        check(Glyphs::Ascii, drawn, "# a =#| _--'||*.' ! crit x8 (>=99.5) .");
        check(Glyphs::Ascii, "支付 ≥", "? ?  >");
        check(Glyphs::Ascii, "≥1 a≠", ">1 a/");
    }

    #[test]
    fn steep_lines_lean_as_they_do() {
        let forms = [0x5c, 0xa3, 0x47, 0xff, 0x00, 0xc9].map(ascii_dots);
        assert_eq!(forms, ['/', '\\', '|', '*', ' ', ':']);
    }

    #[test]
    fn each_form_is_in_its_set_and_each_sign_is_there_once() {
        assert!(SIGNS.iter().all(|(_, ascii, _)| ascii.is_ascii()));
        let signs: HashSet<_> = SIGNS.iter().map(|(sign, ..)| *sign).collect();
        assert_eq!(signs.len(), SIGNS.len());
        assert!(
            ('\u{2500}'..='\u{257f}')
                .chain('\u{2800}'..='\u{28ff}')
                .all(|c| { Glyphs::Ascii.form(c).is_some_and(|c| c.is_ascii()) && Glyphs::Block.form(c).is_some() })
        );
    }

    #[test]
    fn a_cell_people_disagree_on_is_not_taken_for_another() {
        for glyphs in [Glyphs::Block, Glyphs::Ascii] {
            let form = glyphs.form('≠').expect("a form");
            assert!(!"#+.-X?![]".contains(form), "{glyphs:?} has {form}, which means something else in a cell");
        }
        check(Glyphs::Ascii, "[X≠] -≠ ", "[X/] -/=");
        check(Glyphs::Block, "[X!≠]", "[X!/]");
    }

    #[test]
    fn lines_of_a_chart_have_signs_that_differ() {
        for glyphs in [Glyphs::Block, Glyphs::Ascii] {
            let forms: HashSet<_> =
                legend::SIGNS.iter().flat_map(|sign| sign.chars()).map(|c| glyphs.form(c)).collect();
            assert_eq!(forms.len(), legend::SIGNS.len(), "{glyphs:?}");
        }
    }
}
