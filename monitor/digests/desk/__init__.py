"""The desk: an edition as a draft that people edit, what they changed, and when it goes out. All of it pure."""
