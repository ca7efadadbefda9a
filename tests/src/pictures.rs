//! Pictures of the window, kept for people to look at.

use std::{env, path::PathBuf};

use anyhow::Result;
use serde_json::json;

use crate::window::Window;

impl Window {
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
            // Taken once nothing fades from one theme to the other any more and the last change
            // is drawn: a frame later than it is asked for, so two are awaited.
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
            let picture = self.picture().await?;
            std::fs::write(folder.join(format!("{name}{suffix}.png")), picture)?;
        }
        Ok(())
    }
}
