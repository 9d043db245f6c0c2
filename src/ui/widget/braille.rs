//! A raster of dots, two by four a cell, in Braille patterns; one ink a cell.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// Which of the styles handed to [`Braille::paint`] a cell has; of two inks in one cell the greater one stays.
pub type Ink = u8;

/// Dots that are not yet on a screen.
#[derive(Clone, Debug)]
pub struct Braille {
    width: usize,
    height: usize,
    dots: Vec<u8>,
    inks: Vec<Ink>,
}

impl Braille {
    /// An empty raster over `width` by `height` cells.
    pub fn new(width: u16, height: u16) -> Self {
        let (width, height) = (usize::from(width), usize::from(height));
        Self { width, height, dots: vec![0; width * height], inks: vec![0; width * height] }
    }

    /// Dots from left to right.
    pub fn columns(&self) -> usize {
        self.width * 2
    }

    /// Dots from top to bottom.
    pub fn lines(&self) -> usize {
        self.height * 4
    }

    /// Sets a dot; (0, 0) is the top left. Dots outside are left out.
    pub fn dot(&mut self, x: i32, y: i32, ink: Ink) {
        // The bits of a Braille pattern run down the left column, then the right one, with the fourth row added later.
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        // What is negative becomes greater than any raster.
        let (x, y) = (x as usize, y as usize);
        if x >= self.columns() || y >= self.lines() {
            return;
        }
        let at = y / 4 * self.width + x / 2;
        self.dots[at] |= BITS[y % 4][x % 2];
        self.inks[at] = self.inks[at].max(ink);
    }

    /// Sets the dots of a straight line, both ends included (Bresenham). The ends must be near the raster: each dot of
    /// the way is visited.
    pub fn line(&mut self, from: (i32, i32), to: (i32, i32), ink: Ink) {
        let (dx, dy) = ((to.0 - from.0).abs(), -(to.1 - from.1).abs());
        let (sx, sy) = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let ((mut x, mut y), mut error) = (from, dx + dy);
        loop {
            self.dot(x, y, ink);
            if (x, y) == to {
                return;
            }
            let twice = 2 * error;
            if twice >= dy {
                error += dy;
                x += sx;
            }
            if twice <= dx {
                error += dx;
                y += sy;
            }
        }
    }

    /// Whether the cell has any dot.
    pub fn is_set(&self, column: u16, line: u16) -> bool {
        self.dots.get(usize::from(line) * self.width + usize::from(column)).is_some_and(|dots| *dots != 0)
    }

    /// Puts the cells that have dots on the screen; the others stay as they are.
    pub fn paint(&self, area: Rect, buf: &mut Buffer, style: impl Fn(Ink) -> Style) {
        let mut utf8 = [0; 4];
        for (at, (dots, ink)) in self.dots.iter().zip(&self.inks).enumerate() {
            if *dots == 0 {
                continue;
            }
            let (x, y) = (area.x + (at % self.width) as u16, area.y + (at / self.width) as u16);
            let Some(symbol) = char::from_u32(0x2800 + u32::from(*dots)) else { continue };
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.set_symbol(symbol.encode_utf8(&mut utf8)).set_style(style(*ink));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[[(i32, i32); 2]], expected: &[&str]) {
        let mut raster = Braille::new(3, expected.len() as u16);
        lines.iter().for_each(|[from, to]| raster.line(*from, *to, 1));
        let area = Rect::new(0, 0, 3, expected.len() as u16);
        let mut buf = Buffer::empty(area);
        raster.paint(area, &mut buf, |_| Style::new());
        assert_eq!(buf, Buffer::with_lines(expected.iter().copied()));
    }

    #[test]
    fn lines_are_dots() {
        check(&[[(0, 0), (5, 0)]], &["⠉⠉⠉"]);
        check(&[[(0, 3), (5, 3)]], &["⣀⣀⣀"]);
        check(&[[(0, 7), (0, 0)]], &["⡇  ", "⡇  "]);
        check(&[[(0, 3), (3, 0)]], &["⡠⠊ "]);
        check(&[[(2, 2), (2, 2)]], &[" ⠄ "]);
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        check(&[[(-3, 0), (2, 0)], [(5, 9), (5, 2)]], &["⠉⠁⢠"]);
    }
}
