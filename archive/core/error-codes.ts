interface ErrorFacts {
  /** One sentence: what is wrong. */
  readonly summary: string
  /** One sentence: what to do. */
  readonly hint: string
  /** Whether the same attempt may succeed later without anybody changing anything. */
  readonly retryable: boolean
}

const fixed = (summary: string, hint: string): ErrorFacts => ({ summary, hint, retryable: false })
const passing = (summary: string, hint: string): ErrorFacts => ({ summary, hint, retryable: true })

/** Every code the product can answer with. A code is permanent: it may be added, never renamed or given another meaning. */
export const errorCodes = {
  INTERNAL: fixed(
    'Something went wrong inside Hemicycle.',
    'Look in the log for the entry with this code and report it.',
  ),
  SETTINGS_INVALID: fixed('The settings cannot be used.', 'Correct each setting listed and start again.'),
  DATA_IN_USE: fixed(
    'Another Hemicycle runs on this data folder.',
    'Stop it first, or set HEMICYCLE_DATA to another folder.',
  ),
  DATA_UNWRITABLE: fixed(
    'The data folder cannot be used.',
    'Give the account that runs Hemicycle the right to write there, or set HEMICYCLE_DATA to another folder.',
  ),
  PROCESS_UNABLE: fixed(
    'A process of the product cannot run.',
    'Its last entry in the log says why; correct that and start again.',
  ),
  NOT_FOUND: fixed('There is nothing at this address.', 'Check the spelling of the slug or address.'),
  USAGE: fixed('The command was not understood.', 'Run it again with --help to see what it takes.'),
  AGENDA_INVALID: fixed(
    'The agenda file cannot be read.',
    'Give one item a line ("3.1 Title"), or CSV with the columns number and title.',
  ),
  SPEECH_VOICE_MISSING: fixed('espeak-ng is missing, or cannot speak.', 'Install it: apt-get install espeak-ng.'),
  FILE_UNREADABLE: fixed('The file cannot be read.', 'Check its name and that you may read it.'),
  MEETING_NOT_FOUND: fixed('There is no such meeting.', 'List the meetings with hemicycle meeting list.'),
  STATE_NOT_KEPT: passing(
    'The command is in force, but could not be written to disk.',
    'Free disk space at once: a restart of the live process would forget the command.',
  ),
  DEMO_FAILED: fixed('The demo did not do what it should.', 'Look at the log lines above for what failed first.'),
  FEED_INTERRUPTED: passing(
    'The meeting is live and nothing arrives from its encoder.',
    'Check the encoder and its line; the recording goes on by itself when it returns.',
  ),
  FEED_GONE_LONG: passing(
    'Nothing has arrived for thirty minutes; the meeting was paused.',
    'Check the encoder, then resume; end the meeting if it is over.',
  ),
  LIVE_RESTARTED: passing(
    'The live process ended in the middle of the meeting and was started again.',
    'Nothing to do; look in the log for why it ended.',
  ),
  ROOM_SILENT_LONG: passing(
    'Nothing has been heard in the room for two hours; the meeting was paused.',
    'Resume if the meeting goes on, and check the microphones; end it if it is over.',
  ),
  STREAM_STALE: passing(
    'The live stream has stood still: no new media reached the viewers.',
    'Look at the encoder and its line, then at the log of the live process.',
  ),
  SOUND_SILENT: passing(
    'The published stream has no sound at all.',
    'Check the cable and the mute of the mixer, and the sound source of the encoder.',
  ),
  SOUND_ONE_SIDED: passing(
    'The sound is heard on one side only.',
    'Connect both channels of the mixer, or set the encoder to mono.',
  ),
  SOUND_CLIPPED: passing(
    'The sound is distorted: it is louder than the stream can carry.',
    'Turn down the output of the mixer or the input of the encoder until peaks stay below -6 dB.',
  ),
  SOUND_TOO_QUIET: passing(
    'For five minutes nothing could be heard but the noise of the room.',
    'Check that the microphones are open, and turn up the output of the mixer.',
  ),
  PICTURE_BLACK: passing(
    'The published picture is black.',
    'Check the camera, its cable, and the picture source of the encoder.',
  ),
  PICTURE_FROZEN: passing(
    'Nothing moves in the published picture.',
    'Check the camera and its cable; a slide without a clock looks the same: then acknowledge the alarm.',
  ),
  SOUND_PICTURE_APART: passing(
    'Sound and picture are not in step.',
    'Restart the encoder; set the same clock or sample rate for its sound and picture sources when it repeats.',
  ),
  MONITOR_BLIND: passing(
    'The published stream cannot be checked at this moment; viewers may see and hear it.',
    'Check that the edge process answers; look in the log of the worker for the reason.',
  ),
  ALARM_UNKNOWN: fixed('There is no open alarm with this id.', 'Look at the ids with: hemicycle alarms'),
  LIVE_UNREACHABLE: passing(
    'The live process does not answer.',
    'Check that the product is running; the command was kept in the catalogue.',
  ),
  CAPTIONS_INVALID: fixed(
    'The captions file cannot be read.',
    'Correct the line named, or export the captions again as WebVTT or SubRip.',
  ),
  SEARCH_INDEX_MISSING: passing(
    'There is no search index yet.',
    'Start the worker: it builds the index from the catalogue.',
  ),
  SEARCH_INDEX_CORRUPT: passing(
    'The search index is damaged.',
    'Restart the worker: it builds the index again from the catalogue.',
  ),
  SPEECH_MODEL_INCOMPLETE: fixed(
    'A file of the speech model is missing.',
    'Put the files named into the folder of HEMICYCLE_SPEECH_MODEL, or leave the setting out.',
  ),
  SPEECH_ENGINE_UNAVAILABLE: fixed(
    'The speech engine cannot be loaded on this machine.',
    'Install the optional package of sherpa-onnx for this platform, or leave HEMICYCLE_SPEECH_MODEL out.',
  ),
  SPEECH_MODEL_UNUSABLE: fixed(
    'The speech model cannot be loaded.',
    'Compare the files of HEMICYCLE_SPEECH_MODEL with their published checksums and copy them again.',
  ),
  SPEECH_ENGINE_CRASHED: passing(
    'The speech engine ended in the middle of its work.',
    'It is started again by itself; if this recurs, free some memory or choose a smaller model.',
  ),
  UPLOAD_MISMATCH: passing(
    'The store does not hold the bytes that were sent to it.',
    'The upload is tried again; if this recurs, check the disk and memory of the store.',
  ),
  RECORDING_OPEN: passing(
    'The recording has not been closed yet.',
    'Nothing to do: it is tried again; check that the live process runs if this recurs.',
  ),
  SPOOL_DAMAGED: fixed(
    'A segment in the spool differs from its journal.',
    'Keep the spool folder, check the disk, and look in the log for the segment named.',
  ),
  FFMPEG_MISSING: fixed('ffmpeg or ffprobe is not installed.', 'Install the package ffmpeg and run hemicycle doctor.'),
  FFMPEG_FAILED: fixed(
    'ffmpeg could not read the media.',
    'Check that the file is complete and readable, and look in the log for what ffmpeg said.',
  ),
  LADDER_ENCODER_DIED: passing(
    'The encoder of the smaller renditions ended by itself and was started again.',
    'Nothing to do when it happens once; when it repeats, look in the log for what ffmpeg said.',
  ),
  LADDER_ENCODER_STALLED: passing(
    'The encoder of the smaller renditions gave nothing for three seconds and was started again.',
    'Check the load of the machine; name fewer renditions in HEMICYCLE_LADDER when it repeats.',
  ),
  LADDER_OVERLOADED: passing(
    'The machine does not keep up with encoding: a rendition was left out.',
    'End other work on the machine, or name fewer renditions in HEMICYCLE_LADDER.',
  ),
  LADDER_BACKED_OFF: passing(
    'The encoder ended ten times within a minute and rests for a minute.',
    'Look in the log for what ffmpeg said, and run hemicycle doctor.',
  ),
  LADDER_CALIBRATION_FAILED: passing(
    'The speed of this machine could not be measured.',
    'Run hemicycle doctor; until then the smallest renditions are encoded.',
  ),
  SLATE_FAILED: passing(
    'The picture for pauses could not be made.',
    'Look in the log for what ffmpeg said, and run hemicycle doctor; without it players wait until the stream goes on.',
  ),
  SOURCE_VIDEO_UNSUPPORTED: fixed(
    'The feed is not H.264: nothing of it is published.',
    'Choose H.264 (x264 or a hardware H.264 encoder) in the encoder; HEVC and AV1 are not accepted.',
  ),
  SOURCE_VIDEO_MISSING: passing(
    'The feed has no picture: nothing of it is published.',
    'Add a video source in the encoder.',
  ),
  SOURCE_AUDIO_UNSUPPORTED: fixed(
    'The sound of the feed is not AAC: the feed goes on without sound.',
    'Choose AAC (AAC-LC) as audio encoder.',
  ),
  SOURCE_AUDIO_MISSING: passing(
    'The feed has no sound.',
    'Check the microphone, the mixer and the audio track of the encoder.',
  ),
  SOURCE_KEYFRAMES_TOO_FAR: fixed(
    'Keyframes are more than 4.4 seconds apart: the top rendition is encoded.',
    'Set the keyframe interval to 2 s in the encoder (OBS: Output, Streaming, Keyframe Interval).',
  ),
  SOURCE_NOT_FIT_BITRATE: fixed(
    'The bitrate of the feed is above the limit: the top rendition is encoded.',
    'Lower the video bitrate in the encoder, or raise HEMICYCLE_SOURCE_MAX_BITRATE.',
  ),
  SOURCE_NOT_FIT_B_FRAMES: fixed(
    'The feed has more than two B-frames in a row: the top rendition is encoded.',
    'Set B-frames to 2 or fewer in the encoder.',
  ),
  SOURCE_NOT_FIT_INTERLACED: fixed(
    'The feed is interlaced: the top rendition is deinterlaced and encoded.',
    'Choose a progressive mode (for instance 1080p25) in the camera and the encoder.',
  ),
  SOURCE_NOT_FIT_PIXELS: fixed(
    'The picture is not 8-bit 4:2:0: the top rendition is encoded.',
    'Choose NV12 or I420 as colour format and profile main or high in the encoder.',
  ),
  SOURCE_NOT_FIT_FRAME_RATE: fixed(
    'The frame rate of the feed varies: the top rendition is encoded at a constant one.',
    'Choose a constant frame rate in the encoder (25 or 30).',
  ),
  SOURCE_NOT_FIT_KEYFRAMES: fixed(
    'The keyframes of the feed cannot be joined at: the top rendition is encoded.',
    'Turn off open GOP and intra refresh in the encoder.',
  ),
  SOURCE_TIMESTAMPS_JUMPED: passing(
    'The clock of the feed jumped; the recording goes on in a new span.',
    'Check the encoder when it repeats: its load, its clock and the line to here.',
  ),
  CATALOGUE_NEWER: fixed(
    'The catalogue was written by a newer version of Hemicycle.',
    'Start the version that wrote it, or one that is newer still; the copy made before its migration lies beside the file.',
  ),
  CATALOGUE_UNREADABLE: fixed(
    'The catalogue cannot be opened.',
    'Check that HEMICYCLE_DATABASE names a catalogue and that this user may write to it and its folder; otherwise restore a copy.',
  ),
  CATALOGUE_BUSY: passing(
    'The catalogue has been locked by another process for too long.',
    'Try again; if this recurs, look for a process that holds the file open, such as a backup.',
  ),
  TIME_INVALID: fixed(
    'The date and time cannot be read.',
    'Write them as 2026-11-22T19:30, local time of the town, or with an offset such as +01:00.',
  ),
  SLUG_INVALID: fixed(
    'A slug is made of lower-case letters, digits and hyphens.',
    'Choose 1 to 80 of these characters, beginning and ending with a letter or digit.',
  ),
  SLUG_TAKEN: fixed('Something with this slug exists already.', 'Choose another slug.'),
  MEETING_NOT_STARTED: fixed('The meeting has not been started.', 'Use start first.'),
  MEETING_OPEN: fixed('The meeting has been started and not ended.', 'Use pause, closed, resume or end.'),
  PRESS_OVERTAKEN: fixed(
    'The meeting was paused or closed after this was pressed.',
    'Look at its state; if it is to go on, press resume again.',
  ),
  MEETING_NOT_ENDED: fixed('The meeting has not ended.', 'Use end first.'),
  MEETING_ENDED: fixed('The meeting has ended.', 'Use reopen to go on with it.'),
  MEETING_CANCELLED: fixed('The meeting was cancelled.', 'Plan a new meeting.'),
  EARLIER_RECORDED: fixed(
    'The recording holds an earlier part of the meeting, which would be deleted too.',
    'Use end or adjourn.',
  ),
  NOTHING_RECORDED: fixed('The meeting has no recording.', 'Choose a meeting of which something was captured.'),
  ALREADY_RECORDED: fixed('The other meeting has a recording of its own.', 'Choose a meeting without a recording.'),
  ROOM_BUSY: fixed('Another meeting is open in this room.', 'End the other meeting first.'),
  ROOM_MISSING: fixed(
    'No room is known for this meeting.',
    'Give its body a usual room, or name the room of the meeting.',
  ),
  ITEM_UNKNOWN: fixed(
    'The agenda has no item with this number.',
    'Look at the numbers with: hemicycle meeting show SLUG',
  ),
  MARK_UNKNOWN: fixed('There is no mark left to undo.', 'Look at the chapters with: hemicycle meeting show SLUG'),
  KEY_UNKNOWN: fixed('There is no stream key with this id.', 'Look at the ids with: hemicycle key list'),
  JOB_ABANDONED: passing(
    'A job lost its lease to another worker.',
    'Nothing needs doing: the other worker finishes it; if this recurs, the machine is overloaded.',
  ),
  PLAYLIST_INVALID: fixed('The playlist cannot be read.', 'Correct the line named.'),
  SPOOL_FULL: passing(
    'There is no room left on the spool: the stream goes on, the recording does not.',
    'Free space on the disk of the data folder; recording resumes by itself.',
  ),
  SPOOL_FAILED: passing(
    'The spool cannot be written: the stream goes on, the recording does not.',
    'Check the disk and the permissions of the data folder; recording resumes by itself.',
  ),
  SPOOL_LOW: passing(
    'The spool is running out of room.',
    'Free space on the disk of the data folder before the meeting goes on.',
  ),
  RECORDING_UNREADABLE: fixed(
    'The description of a recording cannot be read.',
    'Restore its manifest.json or journal.jsonl from a copy.',
  ),
  STORE_KEY_INVALID: fixed(
    'A key of the media store holds what no key may hold.',
    'Use letters, digits, dots, hyphens and underscores between single slashes.',
  ),
  STORE_FAILED: passing('The media store does not answer.', 'Check the disk or server named by HEMICYCLE_STORE.'),
  CODEC_CONFIG_INVALID: fixed(
    'The description of the video or the sound that came with the feed cannot be used.',
    'Restart the encoder; choose H.264 with AAC-LC when it repeats.',
  ),
  MP4_MALFORMED: fixed(
    'Fragmented MP4 from the media program cannot be read.',
    'Run hemicycle doctor; report it when ffmpeg is one of the versions listed there.',
  ),
  MP4_BOX_TOO_LARGE: fixed(
    'A box of the fragmented MP4 is larger than any frame can be.',
    'Run hemicycle doctor; report it when ffmpeg is one of the versions listed there.',
  ),
  RENDITION_MISMATCH: fixed(
    'An encoder made another video than the playlists announce: its rendition is left out.',
    'Run hemicycle doctor; the ffmpeg found may lack a profile that the ladder asks for.',
  ),
  INGEST_APP_UNKNOWN: fixed(
    'The encoder asks for an application that does not exist.',
    'Set the encoder server address to rtmp://HOST/live and put the stream key in its own field.',
  ),
  INGEST_KEY_UNKNOWN: fixed(
    'The stream key is not known.',
    'Copy the key again into the stream key field of the encoder, without spaces, or make a new one with hemicycle key add.',
  ),
  INGEST_KEY_REVOKED: fixed(
    'The stream key has been revoked.',
    'Make a new key with hemicycle key add and enter it as the stream key of the encoder.',
  ),
  INGEST_ROOM_BUSY: passing(
    'Another encoder is already publishing to this room.',
    'Stop the other encoder, or give this one the key of its own room.',
  ),
  INGEST_TAKEN_OVER: passing(
    'The connection had gone silent and another encoder with a key of this room took its place.',
    'Nothing is to be done when it is the same encoder coming back; otherwise stop one of the two.',
  ),
  INGEST_PLAY_REFUSED: fixed(
    'Playing over RTMP is not offered.',
    'Watch on the page of the meeting; RTMP only takes streams in.',
  ),
  INGEST_PUBLISH_TWICE: fixed(
    'The encoder tried to publish twice on one connection.',
    'Set the encoder to send one stream to this address.',
  ),
  INGEST_PROTOCOL: fixed(
    'What arrived is not valid RTMP.',
    'Check that the encoder is set to RTMP, or to RTMPS on the port for RTMPS, and that its firmware is current.',
  ),
  INGEST_HANDSHAKE_TIMEOUT: passing(
    'The connection did not name a stream key in time.',
    'Check the line of the encoder, and that it is set to publish by RTMP.',
  ),
  INGEST_NO_MEDIA: passing(
    'The encoder connected and sent neither picture nor sound.',
    'Check that the encoder has an input and has been started.',
  ),
  INGEST_VIDEO_MISSING: fixed(
    'The encoder sends sound and no picture.',
    'Add a picture to the encoder output, a still one if need be: H.264 video with AAC audio.',
  ),
  INGEST_IDLE: passing(
    'The encoder sent neither picture nor sound for too long.',
    'Check the line and the input of the encoder; it may connect again at once.',
  ),
  INGEST_CONNECTIONS_FULL: passing(
    'There are more encoder connections than are allowed at once.',
    'Stop encoders that are not needed, or raise HEMICYCLE_RTMP_MAX_CONNECTIONS or HEMICYCLE_RTMP_MAX_PER_ADDRESS.',
  ),
  INGEST_TOO_MANY_FAILURES: passing(
    'There were too many failed attempts from this address within a minute.',
    'Correct the stream key in the encoder at this address; a correct key is let in at once.',
  ),
  INGEST_BYTES_BEFORE_KEY: fixed(
    'The connection sent too much before it named a stream key.',
    'Check that the encoder is set to publish by RTMP to rtmp://HOST/live.',
  ),
  INGEST_MEDIA_BEFORE_KEY: fixed(
    'The connection sent media before it named a stream key.',
    'Check that the encoder is set to publish by RTMP to rtmp://HOST/live with a stream key.',
  ),
  INGEST_BITRATE: fixed(
    'The encoder sends more than is accepted.',
    'Lower the video bitrate of the encoder (6000 kbit/s is plenty for 1080p), or raise HEMICYCLE_RTMP_MAX_BITRATE.',
  ),
  INGEST_VIDEO_CODEC: fixed(
    'The encoder sends a picture that is not H.264.',
    'Set the video encoder to H.264 (AVC, x264); HEVC, AV1 and VP9 are not accepted.',
  ),
  INGEST_AUDIO_CODEC: fixed('The encoder sends sound that is not AAC.', 'Set the audio encoder to AAC (AAC-LC).'),
  INGEST_GATE_UNCERTAIN: passing(
    'It could not be told when the pictures of this encoder were taken, so it was disconnected before the gate opened.',
    'Nothing is to be done: the encoder connects again by itself. Switch off any stream delay in the encoder.',
  ),
  INGEST_STOPPING: passing('Hemicycle is stopping.', 'The encoder may connect again when the product has started.'),
  SITE_NOT_BUILT: fixed('The pages of the site have not been built.', 'Run npm run setup, which builds them.'),
  SITE_UNREACHABLE: passing(
    'The pages are briefly unavailable.',
    'Try again in a moment; live streams and recordings go on meanwhile.',
  ),
} as const satisfies Record<string, ErrorFacts>

export type ErrorCode = keyof typeof errorCodes
