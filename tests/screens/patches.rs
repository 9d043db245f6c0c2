//! A screen painted by patches alone shows what a whole frame shows.

use proptest::prelude::*;
use ratatui::{buffer::Buffer, crossterm::event::KeyCode};
use stanch::{
    app::Msg,
    ui::{self, Cache},
};

use super::script::Stage;

/// What may happen between two frames.
#[derive(Clone, Debug)]
enum Happens {
    Key(&'static str),
    Text(&'static str),
    Later(u8),
    Poll(Option<&'static str>),
    Resized(u16, u16),
    Theme(&'static str),
}

fn happens() -> impl Strategy<Value = Happens> {
    let keys = prop::sample::select(vec![
        "tab", "tab", "tab", "1", "1", "2", "3", "4", "5", "enter", "esc", "esc", "up", "down", "left", "right", "z",
        "?", "s", "a", "n", ":", "/", "u", "U", "-", "+", ">", "A", "S", "space",
    ]);
    let sizes = prop::sample::select(vec![(80, 24), (120, 40), (160, 45), (200, 60), (40, 7), (3, 2), (100, 9)]);
    prop_oneof![
        8 => keys.prop_map(Happens::Key),
        1 => prop::sample::select(vec!["checkout", "日本 wide", "x"]).prop_map(Happens::Text),
        3 => (0_u8..90).prop_map(Happens::Later),
        2 => prop::sample::select(vec![None, Some("prom"), Some("am")]).prop_map(Happens::Poll),
        1 => sizes.prop_map(|(columns, rows)| Happens::Resized(columns, rows)),
        1 => prop::sample::select(vec!["dark", "light"]).prop_map(Happens::Theme),
    ]
}

/// What a terminal shows to which the patches were sent.
fn paint(shown: &mut Buffer, stage: &Stage, cache: &mut Cache) {
    for patch in ui::patches(stage.app.screen.area(), &stage.app, &stage.theme, cache) {
        for place in patch.area.positions() {
            shown[place] = patch[place].clone();
        }
    }
}

fn whole(stage: &Stage) -> Buffer {
    let area = stage.app.screen.area();
    let mut whole = Buffer::empty(area);
    ui::draw_into(&mut whole, area, &stage.app, &stage.theme, &mut Cache::default());
    whole
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn patches_add_up_to_the_screen(steps in prop::collection::vec(happens(), 1..40)) {
        let mut stage = Stage::new((160, 45));
        stage.play();
        stage.keys("1");
        let mut cache = Cache::default();
        let mut shown = Buffer::empty(stage.app.screen.area());
        paint(&mut shown, &stage, &mut cache);
        let mut second = 16 * 60 + 24;
        for step in steps {
            match step.clone() {
                Happens::Key(key) => stage.keys(key),
                Happens::Text(text) => stage.text(text),
                Happens::Later(seconds) => {
                    second += u32::from(seconds);
                    stage.tick(&format!("03:{:02}:{:02}", (second / 60).min(59), second % 60));
                }
                Happens::Poll(lost) => stage.poll(lost),
                Happens::Resized(columns, rows) => {
                    stage.send(Msg::Resized(columns, rows));
                    // A terminal that has another size is cleared.
                    cache.forget_screen();
                    shown = Buffer::empty(stage.app.screen.area());
                }
                Happens::Theme(name) => stage.theme = ui::Theme::builtin(name).unwrap_or_default(),
            }
            paint(&mut shown, &stage, &mut cache);
            let whole = whole(&stage);
            let differs = shown.area.positions().find(|at| shown[*at] != whole[*at]);
            let line = |buf: &Buffer, y| (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect::<String>();
            let lines = differs.map(|at| (at, line(&shown, at.y), line(&whole, at.y)));
            prop_assert!(lines.is_none(), "after {:?}: {:#?}", step, lines);
        }
    }
}

#[test]
fn a_pane_that_has_not_changed_is_not_painted() {
    let mut stage = Stage::new((200, 60));
    stage.play();
    stage.keys("1");
    let mut cache = Cache::default();
    let mut cells = |stage: &Stage| -> u32 {
        ui::patches(stage.app.screen.area(), &stage.app, &stage.theme, &mut cache)
            .iter()
            .map(|patch| patch.area.area())
            .sum()
    };
    assert_eq!(cells(&stage), 200 * 60);
    assert_eq!(cells(&stage), 200 * 3, "nothing has changed but the lines that say the time");
    stage.send(Msg::Key(KeyCode::Tab.into()));
    let focus = cells(&stage);
    assert!(focus > 200 * 3 && focus < 200 * 60 / 2, "a focus that moved is two panes, {focus} cells");
}
