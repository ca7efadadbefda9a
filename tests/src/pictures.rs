//! Pictures of the window, kept for people to look at.

use std::{env, path::PathBuf};

use anyhow::Result;
use serde_json::json;

use crate::window::Window;

/// Whatever is wider than its place and neither scrolls nor ends in an ellipsis.
const STICKING_OUT: &str = "
    return [...document.querySelectorAll('body *')].filter(element => {
        const style = getComputedStyle(element);
        const { right, width } = element.getBoundingClientRect();
        return width > 0 && right > innerWidth + 1 && style.position !== 'absolute'
            && !element.closest('.result-table, .visually-hidden');
    }).map(element => element.getAttribute('class') || element.tagName);";

impl Window {
    /// What sticks out of the window, by its class; nothing as it should be.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn sticking_out(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_value(self.run(STICKING_OUT).await?)?)
    }

    /// Keeps two pictures of the page where `TOOLROOM_SCREENSHOTS` says: `NAME.png` in light,
    /// `NAME-dark.png` in dark.
    ///
    /// # Errors
    /// When they can't be taken or written.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        let Some(folder) = env::var_os("TOOLROOM_SCREENSHOTS").map(PathBuf::from) else {
            return Ok(());
        };
        std::fs::create_dir_all(&folder)?;
        for (theme, suffix) in [("dark", "-dark"), ("light", "")] {
            self.settle_in(theme).await?;
            let picture = self.picture().await?;
            std::fs::write(folder.join(format!("{name}{suffix}.png")), picture)?;
        }
        Ok(())
    }

    /// Puts the page into a theme, and waits until nothing fades from one to the other any more
    /// and the last change is drawn: a frame later than it is asked for, so two are awaited.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn settle_in(&self, theme: &str) -> Result<()> {
        let settled = "
            const [theme, done] = arguments;
            const frame = () => new Promise(requestAnimationFrame);
            (async () => {
                document.documentElement.dataset.theme = theme;
                await frame();
                const fading = document.getAnimations()
                    .filter(animation => animation instanceof CSSTransition);
                await Promise.allSettled(fading.map(animation => animation.finished));
                await frame();
                await frame();
                done();
            })();";
        self.run_async(settled, vec![json!(theme)]).await?;
        Ok(())
    }
}
