//! The window's keyboard: keys that go to whatever has the focus, as a person's do.

use anyhow::{Context, Result, bail};
use fantoccini::{
    actions::{InputSource, KeyAction, KeyActions},
    key::Key,
};
use serde_json::{Value, json};

use crate::window::Window;

/// Says what has the focus: what tests know it by, or else its tag and its words.
const FOCUSED: &str = "
    const focused = document.activeElement;
    if (!focused || focused === document.body) return 'nothing';
    for (const name of ['action', 'tool', 'jobId', 'fold', 'paletteQuery', 'search', 'add']) {
        if (name in focused.dataset) return `${name}:${focused.dataset[name]}`;
    }
    const field = focused.closest('[data-field]');
    if (field) return `field:${field.dataset.field}`;
    const words = focused.getAttribute('aria-label') ?? focused.textContent.trim();
    return `${focused.tagName.toLowerCase()}:${words}`;";

impl Window {
    /// Presses keys together, such as `Ctrl+K`, `Enter` or `Shift+Tab`, and lets them go.
    ///
    /// # Errors
    /// For a key that has no name here, or when the window is gone.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let keys = keys.split('+').map(key).collect::<Result<Vec<_>>>()?;
        let down = keys.iter().map(|&value| KeyAction::Down { value });
        let up = keys.iter().rev().map(|&value| KeyAction::Up { value });
        self.act_by_keys(down.chain(up)).await
    }

    /// Types a text, key by key.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        let keys = text
            .chars()
            .flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        self.act_by_keys(keys).await
    }

    async fn act_by_keys(&self, keys: impl Iterator<Item = KeyAction>) -> Result<()> {
        let actions = keys.fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        Ok(self.client().perform_actions(actions).await?)
    }

    /// What has the focus, in a word: `action:run`, `field:/paths`, `h1:Jobs`, `nothing`.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn focused(&self) -> Result<String> {
        let focused = self.run(FOCUSED).await?;
        Ok(focused.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until that has the focus.
    ///
    /// # Errors
    /// When it doesn't get it; the message says what has it instead.
    pub async fn wait_for_focus(&self, what: &str) -> Result<()> {
        self.wait_until(FOCUSED, json!(what)).await
    }

    /// Presses Tab until that has the focus, as somebody does who can't use a mouse.
    ///
    /// # Errors
    /// When the focus comes round without it; the message lists where it was.
    pub async fn tab_to(&self, what: &str) -> Result<()> {
        const FAR: usize = 80;
        let mut seen = vec![self.focused().await?];
        while seen.last().is_some_and(|last| last != what) {
            if seen.len() > FAR {
                bail!("{what} was not reached by Tab, but {}", seen.join(", "));
            }
            self.press("Tab").await?;
            seen.push(self.focused().await?);
        }
        Ok(())
    }

    /// Presses Tab until something has the focus that `css` names.
    ///
    /// # Errors
    /// When the focus comes round without it.
    pub async fn tab_into(&self, css: &str) -> Result<()> {
        const FAR: usize = 80;
        let focused = format!("return document.activeElement.matches({});", json!(css));
        for _ in 0..FAR {
            if self.run(&focused).await? == Value::Bool(true) {
                return Ok(());
            }
            self.press("Tab").await?;
        }
        bail!("nothing that is {css} was reached by Tab");
    }

    /// Whether whatever has the focus shows that it does: by something around it that is otherwise
    /// when it has not. Palettes and the like show it by what is chosen in their list.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn focus_is_visible(&self) -> Result<bool> {
        let script = "
            const focused = document.activeElement;
            if (focused.getAttribute('role') === 'combobox') return true;
            const around = [focused, focused.nextElementSibling];
            for (let up = focused.parentElement; up && around.length < 6; up = up.parentElement) {
                around.push(up);
            }
            const look = () => around.filter(Boolean).map(element => {
                const { outline, borderColor, boxShadow } = getComputedStyle(element);
                return [outline, borderColor, boxShadow].join();
            }).join();
            const with_focus = look();
            focused.blur();
            const without = look();
            focused.focus();
            return with_focus !== without;";
        Ok(self.run(script).await? == Value::Bool(true))
    }
}

fn key(name: &str) -> Result<char> {
    let key = match name {
        "Ctrl" => Key::Control,
        "Shift" => Key::Shift,
        "Alt" => Key::Alt,
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "Home" => Key::Home,
        "End" => Key::End,
        "Space" => return Ok(' '),
        sign if sign.chars().count() == 1 => {
            let sign = sign.chars().next().context("no key")?;
            return Ok(sign.to_ascii_lowercase());
        }
        other => bail!("there is no key called {other:?} here"),
    };
    Ok(char::from(key))
}
