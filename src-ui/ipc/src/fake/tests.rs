//! Listeners and channels, with the backend as slow and as disorderly as it can be.
