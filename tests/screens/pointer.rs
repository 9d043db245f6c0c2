//! The mouse on whole screens: what is under a cell is what is seen there.

#![expect(clippy::expect_used, reason = "a script that can not go on says where")]

use ratatui::{buffer::Buffer, layout::Position};
use stanch::{
    app::{
        Action, Mouse, Msg, Overlay, View,
        mouse::{Gesture, Listed, Place, Plot, Under},
        screen::{layout::Bands, overlay::Subject},
    },
    ui,
};

use crate::{script::Stage, words};

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (160, 45), (200, 60)];

/// A stage that is pointed at.
trait Pointed {
    /// What is under a cell.
    fn under(&mut self, at: (u16, u16)) -> Under;

    /// Does something with the mouse at a cell.
    fn mouse(&mut self, gesture: Gesture, at: (u16, u16));
}

impl Pointed for Stage {
    fn under(&mut self, at: (u16, u16)) -> Under {
        ui::hit(&self.app, &self.theme, &mut self.cache, at)
    }

    fn mouse(&mut self, gesture: Gesture, at: (u16, u16)) {
        let under = self.under(at);
        self.send(Msg::Mouse(Mouse { gesture, at, under }));
    }
}

/// Something in every view, at each size, in each view; in Watch with each pane in turn.
fn each_view(mut check: impl FnMut(&mut Stage)) {
    for size in SIZES {
        let mut stage = Stage::new(size);
        stage.play();
        stage.mitigate();
        stage.tick("03:18:24");
        stage.poll(None);
        for key in ["1", "2", "3", "4", "5"] {
            stage.keys(key);
            // A small screen shows one pane a page.
            let turns = if key == "1" && size == SIZES[0] { stage.app.world.plan.panes.len() } else { 1 };
            for _ in 0..turns {
                check(&mut stage);
                stage.keys("tab");
            }
        }
    }
}

/// Cells all over the body, those at its edges among them, with what is under them.
fn sample(stage: &mut Stage) -> Vec<((u16, u16), Under)> {
    let body = Bands::of(stage.app.screen.area()).body;
    let last = body.right() - 1;
    let cells = body.positions().filter(|at| at.x % 41 == 3 || at.x == last || at.x == 0);
    let cells: Vec<(u16, u16)> = cells.map(|Position { x, y }| (x, y)).collect();
    cells.into_iter().map(|at| (at, stage.under(at))).collect()
}

/// A cell over each list in view, with the list.
fn lists(stage: &mut Stage) -> Vec<((u16, u16), Listed)> {
    let mut found: Vec<((u16, u16), Place, Listed)> = Vec::new();
    for (at, under) in sample(stage) {
        if let Some(list) = under.list.filter(|_| found.iter().all(|(_, place, _)| *place != under.place)) {
            found.push((at, under.place, list));
        }
    }
    found.into_iter().map(|(at, _, list)| (at, list)).collect()
}

#[track_caller]
fn top(stage: &mut Stage, at: (u16, u16)) -> (usize, usize) {
    let list = stage.under(at).list.expect("a list");
    (list.top, list.most)
}

#[test]
fn the_wheel_scrolls_what_it_is_over_and_stays_at_the_ends() {
    let mut scrolled = 0;
    each_view(|stage| {
        for (at, _) in lists(stage) {
            let (before, focus) = (stage.app.clone(), stage.app.screen.watch.focus);
            stage.mouse(Gesture::Wheel(-500), at);
            assert_eq!(top(stage, at).0, 0, "{:?} at {at:?}", stage.app.screen.view);
            let first = stage.draw();
            stage.mouse(Gesture::Wheel(-1), at);
            assert_eq!(stage.draw(), first, "at the beginning nothing is done");
            stage.mouse(Gesture::Wheel(1), at);
            let (moved, end) = top(stage, at);
            // In Act what is selected unfolds, and what was folds up.
            let as_wanted = moved == 3 || moved == end || (moved > 0 && stage.app.screen.view == View::Act);
            assert!(as_wanted, "{moved} of {end} in {:?} at {at:?}", stage.app.screen.view);
            stage.mouse(Gesture::Wheel(500), at);
            let (end, most) = top(stage, at);
            assert_eq!(end, most, "{:?} at {at:?}", stage.app.screen.view);
            let last = stage.draw();
            stage.mouse(Gesture::Wheel(1), at);
            assert_eq!(stage.draw(), last, "at the end nothing is done");
            scrolled += usize::from(most > 0);
            assert_eq!(stage.app.screen.watch.focus, focus);
            stage.app = before;
        }
    });
    assert!(scrolled > 2, "{scrolled}");
}

/// A cell of each row in view.
fn rows(stage: &mut Stage) -> Vec<((u16, u16), Under)> {
    let mut found: Vec<((u16, u16), Under)> = Vec::new();
    for (at, under) in sample(stage) {
        let is_known = |known: &Under| (known.place, known.row) == (under.place, under.row);
        if under.row.is_some() && !found.iter().any(|(_, known)| is_known(known)) {
            found.push((at, under));
        }
    }
    found
}

/// What the sign of what is selected is seen on, in this place.
fn selected(stage: &mut Stage, place: Place) -> Vec<usize> {
    let buffer = stage.draw();
    let body = Bands::of(buffer.area).body;
    let signs: Vec<_> = body.positions().filter(|at| buffer[*at].symbol() == "›").collect();
    // In Log and Learn it stands beside the line.
    let on: Vec<Under> = signs.into_iter().map(|at| stage.under((at.x + 2, at.y))).collect();
    on.into_iter().filter(|under| under.place == place).filter_map(|under| under.row).collect()
}

#[test]
fn a_click_selects_the_row_under_it_and_moves_nothing() {
    let mut clicked = 0;
    each_view(|stage| {
        for (at, under) in rows(stage) {
            let before = stage.app.clone();
            stage.mouse(Gesture::Press, at);
            let view = stage.app.screen.view;
            assert_eq!(selected(stage, under.place), Vec::from_iter(under.row), "{view:?} at {at:?}");
            if view != View::Act {
                let now = stage.under(at);
                assert_eq!(
                    (now.row, now.column, now.left),
                    (under.row, under.column, under.left),
                    "{view:?} at {at:?}"
                );
                let top = |under: &Under| under.list.as_ref().map(|list| list.top);
                assert_eq!(top(&now), top(&under), "{view:?} at {at:?}");
            }
            if let Place::Pane(pane) = under.place {
                assert_eq!(stage.app.screen.watch.focus, Some(pane));
            }
            let board = &stage.app.incident.board.observations;
            if let Some(column) = under.column.and_then(|column| board.get(column)) {
                assert_eq!(stage.app.screen.board.column, Some(column.id));
            }
            clicked += 1;
            stage.app = before;
        }
    });
    assert!(clicked > 200, "{clicked}");
}

#[test]
fn no_click_records_anything() {
    let mut stage = Stage::new((100, 30));
    stage.play();
    stage.mitigate();
    for key in ["1", "2", "3", "4", "5"] {
        stage.keys(key);
        let known = stage.app.incident.entries().len();
        let screen = stage.app.screen.area();
        for at in screen.positions().filter(|at| at.x % 33 == 3).map(|Position { x, y }| (x, y)) {
            let before = stage.app.clone();
            for gesture in [Gesture::Press, Gesture::Release, Gesture::Press, Gesture::Release, Gesture::Press] {
                stage.mouse(gesture, at);
            }
            assert_eq!(stage.app.incident.entries().len(), known, "{at:?} in {:?}", before.screen.view);
            assert!(!stage.app.session.quitting);
            stage.app = before;
        }
    }
}

#[test]
fn the_names_of_the_views_lead_there() {
    for size in SIZES {
        let mut stage = Stage::new(size);
        let strip = Bands::of(stage.app.screen.area()).strip;
        for view in View::ALL {
            let cells = strip.positions().map(|Position { x, y }| (x, y));
            let name: Vec<_> = cells.filter(|at| stage.under(*at).place == Place::Tab(view)).collect();
            let text: String = name.iter().map(|at| stage.draw()[*at].symbol().to_owned()).collect();
            assert!(text.contains(view.name()), "{text}");
            stage.mouse(Gesture::Press, name[0]);
            assert_eq!(stage.app.screen.view, view);
        }
    }
}

#[test]
fn a_second_click_opens() {
    let mut stage = Stage::new((160, 45));
    stage.play();
    let twice = |stage: &mut Stage, at| {
        stage.mouse(Gesture::Press, at);
        stage.mouse(Gesture::Release, at);
        stage.mouse(Gesture::Press, at);
    };
    stage.keys("1");
    let at = rows(&mut stage)[0].0;
    twice(&mut stage, at);
    assert!(stage.app.screen.watch.zoomed);
    stage.keys("esc");
    // Half a second later it is another click.
    stage.mouse(Gesture::Press, at);
    let later = stage.app.session.now + jiff::SignedDuration::from_millis(500);
    stage.send(Msg::Tick(later));
    stage.mouse(Gesture::Press, at);
    assert!(!stage.app.screen.watch.zoomed);
    stage.keys("2");
    let (at, under) = rows(&mut stage).remove(1);
    twice(&mut stage, at);
    assert!(matches!(stage.app.screen.overlay, Some(Overlay::Detail { subject: Subject::Row(_), .. })), "{under:?}");
    stage.keys("esc");
    let (at, _) = sample(&mut stage).into_iter().find(|(_, u)| u.row.is_none() && u.column.is_some()).expect("a head");
    twice(&mut stage, at);
    assert!(matches!(stage.app.screen.overlay, Some(Overlay::Detail { subject: Subject::Column(_), .. })));
}

/// A cell of a row of what lies over the view.
fn overlay_row(stage: &mut Stage, row: usize) -> (u16, u16) {
    let rows = rows(stage);
    let found = rows.iter().find(|(_, under)| under.place == Place::Overlay && under.row == Some(row));
    found.expect("a row").0
}

#[test]
fn in_a_dialog_a_click_selects_and_decides_nothing() {
    let mut stage = Stage::new((120, 40));
    stage.play();
    let known = stage.app.incident.entries().len();
    let beside = (0, 3);
    stage.keys("?");
    stage.mouse(Gesture::Press, beside);
    assert!(stage.app.screen.overlay.is_none(), "what was merely read is left");
    stage.keys(":");
    let at = overlay_row(&mut stage, 4);
    stage.mouse(Gesture::Press, at);
    stage.mouse(Gesture::Press, at);
    let Some(Overlay::Palette(palette)) = &stage.app.screen.overlay else { panic!("it stays") };
    assert_eq!(palette.cursor, 4);
    stage.keys("esc 3 S");
    let at = overlay_row(&mut stage, 0);
    stage.mouse(Gesture::Press, at);
    stage.mouse(Gesture::Press, at);
    let Some(Overlay::Choice(choice)) = &stage.app.screen.overlay else { panic!("it stays") };
    assert_eq!(choice.selected, Some(0));
    stage.mouse(Gesture::Press, beside);
    assert!(stage.app.screen.overlay.is_none());
    stage.keys("n");
    stage.text("the pool is full");
    stage.mouse(Gesture::Press, beside);
    let Some(Overlay::Note(field)) = &stage.app.screen.overlay else { panic!("text is not left by a click") };
    assert_eq!(field.text(), "the pool is full");
    assert_eq!(stage.app.incident.entries().len(), known);
}

#[test]
fn the_coach_says_what_its_key_does_and_does_not_do_it() {
    let mut stage = Stage::new((120, 40));
    stage.play();
    let known = stage.app.incident.entries().len();
    let coach = Bands::of(stage.app.screen.area()).coach;
    stage.mouse(Gesture::Press, (coach.x + 9, coach.y));
    let said = stage.app.screen.notice.clone().expect("a word").text;
    assert!(said.starts_with("> ") && said.ends_with("not now"), "{said}");
    assert_eq!(stage.app.incident.entries().len(), known);
}

/// A cell of a curve, eight columns into it, and where it is.
fn plot(stage: &mut Stage) -> ((u16, u16), Plot) {
    let (at, plot) = sample(stage).into_iter().find_map(|(at, under)| Some((at, under.plot?))).expect("a curve");
    ((plot.left + 8, at.1), plot)
}

#[test]
fn a_stretch_drawn_over_a_chart_is_what_the_charts_show() {
    let mut stage = Stage::new((120, 40));
    stage.play();
    stage.keys("1");
    let ((column, row), plot) = plot(&mut stage);
    let live = stage.app.world.window;
    let calm = stage.draw();
    stage.mouse(Gesture::Press, (column, row));
    stage.mouse(Gesture::Drag, (column + 10, row));
    let during = stage.draw();
    let marked = |buffer: &Buffer, x: u16| buffer[(x, row)].style() != calm[(x, row)].style();
    assert!(marked(&during, column + 5) && !marked(&during, column + 15) && !marked(&during, column - 3));
    stage.mouse(Gesture::Release, (column + 10, row));
    let (from, to) = stage.app.world.window.bounds(stage.app.session.now);
    let time =
        |column: u16| plot.window.0 + (plot.window.1 - plot.window.0) * i64::from(column) / i64::from(plot.width);
    assert_eq!((from.as_millisecond(), to.as_millisecond()), (time(8), time(19)));
    assert!(words(&mut stage).contains("NOT LIVE"));
    stage.keys("0");
    assert!(stage.app.world.window.is_live());
    stage.app.world.window = live;
    for (to, key) in [(column + 1, ""), (column + 20, "esc")] {
        stage.mouse(Gesture::Press, (column, row));
        stage.mouse(Gesture::Drag, (to, row));
        stage.keys(key);
        stage.mouse(Gesture::Release, (to, row));
        assert_eq!(stage.app.world.window, live, "{key}");
    }
}

#[test]
fn keys_while_the_button_is_down_are_not_lost() {
    let mut stage = Stage::new((120, 40));
    stage.play();
    stage.keys("1");
    let (at, _) = plot(&mut stage);
    stage.mouse(Gesture::Press, at);
    stage.mouse(Gesture::Drag, (at.0 + 10, at.1));
    stage.keys("n");
    stage.mouse(Gesture::Drag, (at.0 + 12, at.1));
    stage.text("the pool");
    stage.send(Msg::Paste(" is full".into()));
    stage.mouse(Gesture::Release, (at.0 + 12, at.1));
    let Some(Overlay::Note(field)) = &stage.app.screen.overlay else { panic!("a note") };
    assert_eq!(field.text(), "the pool is full");
    assert!(!stage.app.world.window.is_live());
}

#[test]
fn the_menu_offers_what_can_be_done_there() {
    let mut stage = Stage::new((120, 40));
    stage.play();
    for (key, wanted, never) in
        [("1", "symptom", "evidence"), ("2", "evidence", "symptom"), ("3", "guard", "pin"), ("4", "copy", "guard")]
    {
        stage.keys(key);
        let (at, under) = rows(&mut stage).remove(0);
        stage.mouse(Gesture::Menu, at);
        let Some(Overlay::Menu(menu)) = &stage.app.screen.overlay else { panic!("a menu in {under:?}") };
        let names: Vec<&str> = menu.actions.iter().map(|action| action.spec().name).collect();
        assert!(names.contains(&wanted) && !names.contains(&never), "{names:?}");
        let first = menu.actions[0];
        assert!(key != "1" || first == Action::Open, "{names:?}");
        let last = menu.actions[menu.actions.len() - 1].spec().doc;
        assert!(words(&mut stage).contains(last));
        stage.keys("down esc");
        assert!(stage.app.screen.overlay.is_none());
        stage.mouse(Gesture::Menu, at);
        stage.mouse(Gesture::Press, (119, 2));
        assert!(stage.app.screen.overlay.is_none(), "a click beside it closes it");
    }
}

#[test]
fn what_the_menu_says_is_done_by_key_and_by_click() {
    for by_key in [true, false] {
        let mut stage = Stage::new((120, 40));
        stage.play();
        stage.keys("1");
        let at = rows(&mut stage)[0].0;
        stage.mouse(Gesture::Menu, at);
        let Some(Overlay::Menu(menu)) = &stage.app.screen.overlay else { panic!("a menu") };
        let line = menu.actions.iter().position(|action| *action == Action::Copy).expect("it can be copied");
        if by_key {
            stage.keys("y");
        } else {
            let at = overlay_row(&mut stage, line);
            stage.mouse(Gesture::Press, at);
        }
        assert!(stage.app.screen.overlay.is_none());
        assert!(stage.app.screen.notice.as_ref().is_some_and(|said| said.text.contains("copied")), "{by_key}");
    }
}

#[test]
fn a_menu_is_whole_at_any_corner() {
    for size in SIZES {
        let mut stage = Stage::new(size);
        stage.play();
        stage.keys("2");
        let known = rows(&mut stage);
        for (at, _) in [known[0].clone(), known[known.len() - 1].clone()] {
            stage.mouse(Gesture::Menu, at);
            let shown = words(&mut stage);
            assert!(shown.contains("Enter does it"), "{shown}");
            stage.keys("esc");
        }
    }
}
