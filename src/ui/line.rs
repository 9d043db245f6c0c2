//! Lines made of styled words, cut to fit.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    text::{Line, Span},
};

use super::{Role, Theme, widget::text};

/// Words in the style of a role.
pub fn words<'a>(theme: &Theme, role: Role, words: impl Into<std::borrow::Cow<'a, str>>) -> Span<'a> {
    Span::styled(words, theme[role])
}

/// The cells a line takes.
pub fn width(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| text::width(&span.content)).sum()
}

/// Puts words at (x, y), cut at the right edge of `clip`, on what is behind them. Returns the x behind them.
pub fn at(buf: &mut Buffer, clip: Rect, x: u16, y: u16, words: &str, style: Style) -> u16 {
    let clip = clip.intersection(buf.area);
    if y < clip.top() || y >= clip.bottom() || x < clip.left() || x >= clip.right() {
        return x;
    }
    text::set(buf, (x, y), words, clip.right() - x, style)
}

/// Marks what is selected, after it was drawn. Where that turns it inside out it gets one colour: each colour of its own
/// would become a patch of background.
pub fn select(buf: &mut Buffer, area: Rect, theme: &Theme) {
    let style = theme[Role::Selection];
    let reversed = style.add_modifier.contains(Modifier::REVERSED);
    let style = if reversed { Style::reset().patch(theme[Role::Text]).patch(style) } else { style };
    buf.set_style(area.intersection(buf.area), style);
}

/// Puts a line into an area one cell high; what is cut off becomes `…`. Returns the x behind it.
pub fn put(buf: &mut Buffer, area: Rect, line: &Line<'_>) -> u16 {
    let area = Rect { height: area.height.min(1), ..area }.intersection(buf.area);
    let mut room = usize::from(area.width);
    let mut x = area.x;
    for span in &line.spans {
        let shown = text::clip(&span.content, room);
        x = at(buf, area, x, area.y, &shown, line.style.patch(span.style));
        // A word that was cut ends the line, whatever room is left beside a wide character.
        room = if shown == span.content { room - text::width(&shown) } else { 0 };
        if room == 0 {
            break;
        }
    }
    x
}

/// Puts one line on the left and one on the right; the left one gives way.
pub fn put_both(buf: &mut Buffer, area: Rect, left: &Line<'_>, right: &Line<'_>) {
    let cells = width(right).min(area.width.into()) as u16;
    let at_right = Rect { x: area.right() - cells, width: cells, ..area };
    put(buf, at_right, right);
    let gap = u16::from(cells > 0);
    put(buf, Rect { width: area.width.saturating_sub(cells + gap), ..area }, left);
}

/// A line wrapped at words to `max` cells, all pieces but the first indented, each in the style of the words it comes
/// from.
pub fn wrap(line: &Line<'_>, max: usize, indent: usize) -> Vec<Line<'static>> {
    let whole: String = line.spans.iter().map(|span| &*span.content).collect();
    let mut styles =
        line.spans.iter().flat_map(|span| span.content.chars().map(|c| (c, line.style.patch(span.style)))).peekable();
    let mut lines = Vec::new();
    for piece in hanging(&whole, max, indent) {
        // Spaces at a break were dropped.
        while styles.peek().is_some_and(|(c, _)| c.is_whitespace()) && !piece.starts_with(char::is_whitespace) {
            styles.next();
        }
        let mut spans: Vec<Span<'static>> = Vec::new();
        if !lines.is_empty() && indent > 0 {
            spans.push(Span::raw(" ".repeat(indent)));
        }
        for c in piece.chars() {
            let style = styles.next().map(|(_, style)| style).unwrap_or_default();
            match spans.last_mut() {
                Some(last) if last.style == style => last.content.to_mut().push(c),
                _ => spans.push(Span::styled(c.to_string(), style)),
            }
        }
        lines.push(Line::from(spans));
    }
    lines
}

/// A text in pieces of which the first has `max` cells and the others what the indent leaves.
fn hanging(whole: &str, max: usize, indent: usize) -> Vec<String> {
    let mut pieces = text::wrap(whole, max.max(1));
    if indent == 0 || pieces.len() < 2 {
        return pieces;
    }
    pieces.truncate(1);
    let rest = whole.get(pieces[0].len()..).unwrap_or_default();
    pieces.extend(text::wrap(rest.trim_start(), max.saturating_sub(indent).max(1)));
    pieces
}

/// Something that may be shown in shorter forms, or not at all, when there is no room.
pub struct Piece<'a> {
    /// Longest first, each with how readily it gives way to the next one.
    forms: Vec<(u8, Line<'a>)>,
}

impl<'a> Piece<'a> {
    /// A piece with all its forms, longest first. The form with the greatest number gives way first, over all pieces.
    pub fn new(forms: impl IntoIterator<Item = (u8, Line<'a>)>) -> Self {
        Self { forms: forms.into_iter().collect() }
    }
}

/// The form of each piece, where there is room for it, so that all fit into `room` with `gap` cells between them. The
/// last form of the most important piece stays even if it does not fit.
pub fn fit<'a>(pieces: Vec<Piece<'a>>, room: usize, gap: usize) -> Vec<Option<Line<'a>>> {
    let mut at: Vec<usize> = vec![0; pieces.len()];
    let cells = |at: &[usize]| {
        let shown = pieces.iter().zip(at).filter_map(|(piece, at)| piece.forms.get(*at)).map(|form| width(&form.1));
        let (sum, count) = shown.fold((0, 0), |(sum, count), cells| (sum + cells, count + 1));
        sum + gap * usize::saturating_sub(count, 1)
    };
    while cells(&at) > room {
        let shown =
            pieces.iter().zip(&at).enumerate().filter_map(|(i, (piece, at))| Some((piece.forms.get(*at)?.0, i)));
        // Of equals the last one gives way first.
        let Some((_, weakest)) = shown.clone().max() else { break };
        let is_alone = shown.count() == 1;
        if is_alone && at[weakest] + 1 == pieces[weakest].forms.len() {
            break;
        }
        at[weakest] += 1;
    }
    let chosen = pieces.into_iter().zip(at);
    chosen.map(|(piece, at)| piece.forms.into_iter().nth(at).map(|form| form.1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(room: usize, expected: &str) {
        let piece =
            |forms: &[(u8, &'static str)]| Piece::new(forms.iter().map(|(rank, form)| (*rank, Line::from(*form))));
        let pieces = vec![
            piece(&[(3, "checkout 5xx"), (2, "5xx")]),
            piece(&[(0, "BLEEDING")]),
            piece(&[(4, "03:16:24"), (1, "03:16")]),
        ];
        let fitted: Vec<String> = fit(pieces, room, 1).into_iter().flatten().map(|line| line.to_string()).collect();
        assert_eq!(fitted.join(" "), expected);
    }

    #[test]
    fn the_least_important_gives_way() {
        check(40, "checkout 5xx BLEEDING 03:16:24");
        check(27, "checkout 5xx BLEEDING 03:16");
        check(20, "5xx BLEEDING 03:16");
        check(14, "BLEEDING 03:16");
        check(9, "BLEEDING");
        check(3, "BLEEDING");
    }

    #[test]
    fn lines_are_cut_and_wrapped_by_cells() {
        let line = Line::from(vec![Span::raw("支付 "), Span::raw("fails often")]);
        let mut buf = Buffer::empty(Rect::new(0, 0, 8, 1));
        let area = buf.area;
        put(&mut buf, area, &line);
        assert_eq!(buf, Buffer::with_lines(["支付 fa…"]));
        let wrapped: Vec<String> = wrap(&line, 8, 2).iter().map(ToString::to_string).collect();
        assert_eq!(wrapped, ["支付", "  fails", "  often"]);
        let wrapped: Vec<String> = wrap(&line, 12, 2).iter().map(ToString::to_string).collect();
        assert_eq!(wrapped, ["支付 fails", "  often"]);
    }
}
