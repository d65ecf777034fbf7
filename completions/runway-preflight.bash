_runway__preflight() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="runway__preflight"
                ;;
            runway__preflight,body)
                cmd="runway__preflight__subcmd__body"
                ;;
            runway__preflight,check)
                cmd="runway__preflight__subcmd__check"
                ;;
            runway__preflight,completions)
                cmd="runway__preflight__subcmd__completions"
                ;;
            runway__preflight,config)
                cmd="runway__preflight__subcmd__config"
                ;;
            runway__preflight,diagnose)
                cmd="runway__preflight__subcmd__diagnose"
                ;;
            runway__preflight,encode)
                cmd="runway__preflight__subcmd__encode"
                ;;
            runway__preflight,explain)
                cmd="runway__preflight__subcmd__explain"
                ;;
            runway__preflight,fix)
                cmd="runway__preflight__subcmd__fix"
                ;;
            runway__preflight,help)
                cmd="runway__preflight__subcmd__help"
                ;;
            runway__preflight,man)
                cmd="runway__preflight__subcmd__man"
                ;;
            runway__preflight,rules)
                cmd="runway__preflight__subcmd__rules"
                ;;
            runway__preflight,serve)
                cmd="runway__preflight__subcmd__serve"
                ;;
            runway__preflight__subcmd__config,help)
                cmd="runway__preflight__subcmd__config__subcmd__help"
                ;;
            runway__preflight__subcmd__config,show)
                cmd="runway__preflight__subcmd__config__subcmd__show"
                ;;
            runway__preflight__subcmd__config__subcmd__help,help)
                cmd="runway__preflight__subcmd__config__subcmd__help__subcmd__help"
                ;;
            runway__preflight__subcmd__config__subcmd__help,show)
                cmd="runway__preflight__subcmd__config__subcmd__help__subcmd__show"
                ;;
            runway__preflight__subcmd__help,body)
                cmd="runway__preflight__subcmd__help__subcmd__body"
                ;;
            runway__preflight__subcmd__help,check)
                cmd="runway__preflight__subcmd__help__subcmd__check"
                ;;
            runway__preflight__subcmd__help,completions)
                cmd="runway__preflight__subcmd__help__subcmd__completions"
                ;;
            runway__preflight__subcmd__help,config)
                cmd="runway__preflight__subcmd__help__subcmd__config"
                ;;
            runway__preflight__subcmd__help,diagnose)
                cmd="runway__preflight__subcmd__help__subcmd__diagnose"
                ;;
            runway__preflight__subcmd__help,encode)
                cmd="runway__preflight__subcmd__help__subcmd__encode"
                ;;
            runway__preflight__subcmd__help,explain)
                cmd="runway__preflight__subcmd__help__subcmd__explain"
                ;;
            runway__preflight__subcmd__help,fix)
                cmd="runway__preflight__subcmd__help__subcmd__fix"
                ;;
            runway__preflight__subcmd__help,help)
                cmd="runway__preflight__subcmd__help__subcmd__help"
                ;;
            runway__preflight__subcmd__help,man)
                cmd="runway__preflight__subcmd__help__subcmd__man"
                ;;
            runway__preflight__subcmd__help,rules)
                cmd="runway__preflight__subcmd__help__subcmd__rules"
                ;;
            runway__preflight__subcmd__help,serve)
                cmd="runway__preflight__subcmd__help__subcmd__serve"
                ;;
            runway__preflight__subcmd__help__subcmd__config,show)
                cmd="runway__preflight__subcmd__help__subcmd__config__subcmd__show"
                ;;
            runway__preflight__subcmd__help__subcmd__rules,diff)
                cmd="runway__preflight__subcmd__help__subcmd__rules__subcmd__diff"
                ;;
            runway__preflight__subcmd__help__subcmd__rules,import)
                cmd="runway__preflight__subcmd__help__subcmd__rules__subcmd__import"
                ;;
            runway__preflight__subcmd__rules,diff)
                cmd="runway__preflight__subcmd__rules__subcmd__diff"
                ;;
            runway__preflight__subcmd__rules,help)
                cmd="runway__preflight__subcmd__rules__subcmd__help"
                ;;
            runway__preflight__subcmd__rules,import)
                cmd="runway__preflight__subcmd__rules__subcmd__import"
                ;;
            runway__preflight__subcmd__rules__subcmd__help,diff)
                cmd="runway__preflight__subcmd__rules__subcmd__help__subcmd__diff"
                ;;
            runway__preflight__subcmd__rules__subcmd__help,help)
                cmd="runway__preflight__subcmd__rules__subcmd__help__subcmd__help"
                ;;
            runway__preflight__subcmd__rules__subcmd__help,import)
                cmd="runway__preflight__subcmd__rules__subcmd__help__subcmd__import"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        runway__preflight)
            opts="-h -V --help --version check body diagnose explain encode fix rules serve config completions man help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__body)
            opts="-f -o -q -v -j -h --format --output --resume --retry-from --only --all --quiet --verbose --color --no-progress --show-query --strict --exit-zero --fail-fast --depth --offline --jobs --per-host --retries --timeout --proxy --cacert --resolve --allow-private --allow-net --rules --config --no-config --endpoint --report --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format)
                    COMPREPLY=($(compgen -W "text concise reasons json jsonl github gitlab junit sarif markdown html api" -- "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -W "text concise reasons json jsonl github gitlab junit sarif markdown html api" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --retry-from)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --only)
                    COMPREPLY=($(compgen -W "rejected undecided warnings" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --depth)
                    COMPREPLY=($(compgen -W "head header full" -- "${cur}"))
                    return 0
                    ;;
                --jobs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -j)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --per-host)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --retries)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resolve)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-net)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --rules)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -W "avatar_videos avatars avatars:patch character_performance documents documents:patch generate/audio generate/image generate/video image_to_video image_upscale organization/usage realtime_sessions recipes/ad_localization recipes/marketing_stock_image recipes/multi_shot_video recipes/product_ad recipes/product_campaign_image recipes/product_swap recipes/product_ugc routers routers:patch sound_effect speech_to_speech text_to_image text_to_speech text_to_video uploads video_to_audio video_to_hdr video_to_video video_upscale voice_dubbing voice_isolation voices voices/preview voices:patch workflows" -- "${cur}"))
                    return 0
                    ;;
                --report)
                    COMPREPLY=($(compgen -W "text= concise= reasons= json= jsonl= github= gitlab= junit= sarif= markdown= html= api=" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__check)
            opts="-0 -f -o -q -v -j -h --input --column --null --kind --ratio --as --format --output --resume --retry-from --only --all --quiet --verbose --color --no-progress --show-query --strict --exit-zero --fail-fast --depth --offline --jobs --per-host --retries --timeout --proxy --cacert --resolve --allow-private --allow-net --rules --config --no-config --model --endpoint --field --report --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --input)
                    COMPREPLY=($(compgen -W "text csv tsv jsonl" -- "${cur}"))
                    return 0
                    ;;
                --column)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --kind)
                    COMPREPLY=($(compgen -W "image video audio" -- "${cur}"))
                    return 0
                    ;;
                --ratio)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "url data-uri upload" -- "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text concise reasons json jsonl github gitlab junit sarif markdown html api" -- "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -W "text concise reasons json jsonl github gitlab junit sarif markdown html api" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --retry-from)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --only)
                    COMPREPLY=($(compgen -W "rejected undecided warnings" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --depth)
                    COMPREPLY=($(compgen -W "head header full" -- "${cur}"))
                    return 0
                    ;;
                --jobs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -j)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --per-host)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --retries)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resolve)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-net)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --rules)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --model)
                    COMPREPLY=($(compgen -W "act_two aleph2 bria_fibo_1_5 bria_fibo_edit_1_5 eleven_multilingual_sts_v2 eleven_multilingual_ttv_v2 eleven_multilingual_v2 eleven_text_to_sound_v2 eleven_ttv_v3 eleven_v3 eleven_v4 eleven_voice_dubbing eleven_voice_isolation enhance_frame_rate gemini_2.5_flash gemini_image3.1_flash gemini_image3.1_flash_lite gemini_image3_pro gemini_omni_flash gemini_omni_flash_1.1 gen3a_turbo gen4 gen4.5 gen4_aleph gen4_image gen4_image_turbo gen4_turbo gpt_image_2 gpt_image_2_5_flare gpt_image_2_5_sunburst grok_imagine_1_5 grok_imagine_1_5_lite grok_imagine_image_2 gwm1_avatars h3_max hailuo3 happyhorse_1_0 ideogram_4_0 ideogram_4_5 kling2.5_turbo_pro kling3.0_4k kling3.0_pro kling3.0_standard klingO3_4k klingO3_pro klingO3_standard kling_4 magnific_precision_upscaler_v2 magnific_video_upscaler_creative mirelo_sfx_2_0 muse_image nano_banana_2.1 recraft_v4_1_flash recraft_v4_1_vector robotics_v1 ruby seed_audio seedance2 seedance2_5 seedance2_fast seedance2_mini seedream5_flash seedream5_lite seedream5_pro upscale_v1 veo3 veo3.1 veo3.1_fast wan3 wan3_prime" -- "${cur}"))
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -W "avatar_videos avatars avatars:patch character_performance documents documents:patch generate/audio generate/image generate/video image_to_video image_upscale organization/usage realtime_sessions recipes/ad_localization recipes/marketing_stock_image recipes/multi_shot_video recipes/product_ad recipes/product_campaign_image recipes/product_swap recipes/product_ugc routers routers:patch sound_effect speech_to_speech text_to_image text_to_speech text_to_video uploads video_to_audio video_to_hdr video_to_video video_upscale voice_dubbing voice_isolation voices voices/preview voices:patch workflows" -- "${cur}"))
                    return 0
                    ;;
                --field)
                    COMPREPLY=($(compgen -W "audioUri character characterImage firstFrame from.audio image imageUri input.keyframes input.referenceAudio input.referenceAudios input.referenceImages input.referenceVideos input.voice.audioUri keyframes maskUri media newProductImages nodeOutputs originalProductImage productImage productImages promptImage promptVideo reference referenceAudio referenceAudios referenceImage referenceImages referenceVideo referenceVideos references speech.audio styleImages videoUri voice.audioUri" -- "${cur}"))
                    return 0
                    ;;
                --report)
                    COMPREPLY=($(compgen -W "text= concise= reasons= json= jsonl= github= gitlab= junit= sarif= markdown= html= api=" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__completions)
            opts="-h --help bash elvish fish powershell zsh"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__config)
            opts="-h --help show help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__config__subcmd__help)
            opts="show help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__config__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__config__subcmd__help__subcmd__show)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__config__subcmd__show)
            opts="-j -f -h --jobs --format --config --no-config --model --endpoint --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --jobs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -j)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text concise reasons json jsonl github gitlab junit sarif markdown html api" -- "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -W "text concise reasons json jsonl github gitlab junit sarif markdown html api" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --model)
                    COMPREPLY=($(compgen -W "act_two aleph2 bria_fibo_1_5 bria_fibo_edit_1_5 eleven_multilingual_sts_v2 eleven_multilingual_ttv_v2 eleven_multilingual_v2 eleven_text_to_sound_v2 eleven_ttv_v3 eleven_v3 eleven_v4 eleven_voice_dubbing eleven_voice_isolation enhance_frame_rate gemini_2.5_flash gemini_image3.1_flash gemini_image3.1_flash_lite gemini_image3_pro gemini_omni_flash gemini_omni_flash_1.1 gen3a_turbo gen4 gen4.5 gen4_aleph gen4_image gen4_image_turbo gen4_turbo gpt_image_2 gpt_image_2_5_flare gpt_image_2_5_sunburst grok_imagine_1_5 grok_imagine_1_5_lite grok_imagine_image_2 gwm1_avatars h3_max hailuo3 happyhorse_1_0 ideogram_4_0 ideogram_4_5 kling2.5_turbo_pro kling3.0_4k kling3.0_pro kling3.0_standard klingO3_4k klingO3_pro klingO3_standard kling_4 magnific_precision_upscaler_v2 magnific_video_upscaler_creative mirelo_sfx_2_0 muse_image nano_banana_2.1 recraft_v4_1_flash recraft_v4_1_vector robotics_v1 ruby seed_audio seedance2 seedance2_5 seedance2_fast seedance2_mini seedream5_flash seedream5_lite seedream5_pro upscale_v1 veo3 veo3.1 veo3.1_fast wan3 wan3_prime" -- "${cur}"))
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -W "avatar_videos avatars avatars:patch character_performance documents documents:patch generate/audio generate/image generate/video image_to_video image_upscale organization/usage realtime_sessions recipes/ad_localization recipes/marketing_stock_image recipes/multi_shot_video recipes/product_ad recipes/product_campaign_image recipes/product_swap recipes/product_ugc routers routers:patch sound_effect speech_to_speech text_to_image text_to_speech text_to_video uploads video_to_audio video_to_hdr video_to_video video_upscale voice_dubbing voice_isolation voices voices/preview voices:patch workflows" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__diagnose)
            opts="-f -h --kind --rules --timeout --proxy --cacert --resolve --allow-private --allow-net --format --color --show-query --config --no-config --model --endpoint --field --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --kind)
                    COMPREPLY=($(compgen -W "image video audio" -- "${cur}"))
                    return 0
                    ;;
                --rules)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resolve)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-net)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --model)
                    COMPREPLY=($(compgen -W "act_two aleph2 bria_fibo_1_5 bria_fibo_edit_1_5 eleven_multilingual_sts_v2 eleven_multilingual_ttv_v2 eleven_multilingual_v2 eleven_text_to_sound_v2 eleven_ttv_v3 eleven_v3 eleven_v4 eleven_voice_dubbing eleven_voice_isolation enhance_frame_rate gemini_2.5_flash gemini_image3.1_flash gemini_image3.1_flash_lite gemini_image3_pro gemini_omni_flash gemini_omni_flash_1.1 gen3a_turbo gen4 gen4.5 gen4_aleph gen4_image gen4_image_turbo gen4_turbo gpt_image_2 gpt_image_2_5_flare gpt_image_2_5_sunburst grok_imagine_1_5 grok_imagine_1_5_lite grok_imagine_image_2 gwm1_avatars h3_max hailuo3 happyhorse_1_0 ideogram_4_0 ideogram_4_5 kling2.5_turbo_pro kling3.0_4k kling3.0_pro kling3.0_standard klingO3_4k klingO3_pro klingO3_standard kling_4 magnific_precision_upscaler_v2 magnific_video_upscaler_creative mirelo_sfx_2_0 muse_image nano_banana_2.1 recraft_v4_1_flash recraft_v4_1_vector robotics_v1 ruby seed_audio seedance2 seedance2_5 seedance2_fast seedance2_mini seedream5_flash seedream5_lite seedream5_pro upscale_v1 veo3 veo3.1 veo3.1_fast wan3 wan3_prime" -- "${cur}"))
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -W "avatar_videos avatars avatars:patch character_performance documents documents:patch generate/audio generate/image generate/video image_to_video image_upscale organization/usage realtime_sessions recipes/ad_localization recipes/marketing_stock_image recipes/multi_shot_video recipes/product_ad recipes/product_campaign_image recipes/product_swap recipes/product_ugc routers routers:patch sound_effect speech_to_speech text_to_image text_to_speech text_to_video uploads video_to_audio video_to_hdr video_to_video video_upscale voice_dubbing voice_isolation voices voices/preview voices:patch workflows" -- "${cur}"))
                    return 0
                    ;;
                --field)
                    COMPREPLY=($(compgen -W "audioUri character characterImage firstFrame from.audio image imageUri input.keyframes input.referenceAudio input.referenceAudios input.referenceImages input.referenceVideos input.voice.audioUri keyframes maskUri media newProductImages nodeOutputs originalProductImage productImage productImages promptImage promptVideo reference referenceAudio referenceAudios referenceImage referenceImages referenceVideo referenceVideos references speech.audio styleImages videoUri voice.audioUri" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__encode)
            opts="-h --kind --rules --model --endpoint --field --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --kind)
                    COMPREPLY=($(compgen -W "image video audio" -- "${cur}"))
                    return 0
                    ;;
                --rules)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --model)
                    COMPREPLY=($(compgen -W "act_two aleph2 bria_fibo_1_5 bria_fibo_edit_1_5 eleven_multilingual_sts_v2 eleven_multilingual_ttv_v2 eleven_multilingual_v2 eleven_text_to_sound_v2 eleven_ttv_v3 eleven_v3 eleven_v4 eleven_voice_dubbing eleven_voice_isolation enhance_frame_rate gemini_2.5_flash gemini_image3.1_flash gemini_image3.1_flash_lite gemini_image3_pro gemini_omni_flash gemini_omni_flash_1.1 gen3a_turbo gen4 gen4.5 gen4_aleph gen4_image gen4_image_turbo gen4_turbo gpt_image_2 gpt_image_2_5_flare gpt_image_2_5_sunburst grok_imagine_1_5 grok_imagine_1_5_lite grok_imagine_image_2 gwm1_avatars h3_max hailuo3 happyhorse_1_0 ideogram_4_0 ideogram_4_5 kling2.5_turbo_pro kling3.0_4k kling3.0_pro kling3.0_standard klingO3_4k klingO3_pro klingO3_standard kling_4 magnific_precision_upscaler_v2 magnific_video_upscaler_creative mirelo_sfx_2_0 muse_image nano_banana_2.1 recraft_v4_1_flash recraft_v4_1_vector robotics_v1 ruby seed_audio seedance2 seedance2_5 seedance2_fast seedance2_mini seedream5_flash seedream5_lite seedream5_pro upscale_v1 veo3 veo3.1 veo3.1_fast wan3 wan3_prime" -- "${cur}"))
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -W "avatar_videos avatars avatars:patch character_performance documents documents:patch generate/audio generate/image generate/video image_to_video image_upscale organization/usage realtime_sessions recipes/ad_localization recipes/marketing_stock_image recipes/multi_shot_video recipes/product_ad recipes/product_campaign_image recipes/product_swap recipes/product_ugc routers routers:patch sound_effect speech_to_speech text_to_image text_to_speech text_to_video uploads video_to_audio video_to_hdr video_to_video video_upscale voice_dubbing voice_isolation voices voices/preview voices:patch workflows" -- "${cur}"))
                    return 0
                    ;;
                --field)
                    COMPREPLY=($(compgen -W "audioUri character characterImage firstFrame from.audio image imageUri input.keyframes input.referenceAudio input.referenceAudios input.referenceImages input.referenceVideos input.voice.audioUri keyframes maskUri media newProductImages nodeOutputs originalProductImage productImage productImages promptImage promptVideo reference referenceAudio referenceAudios referenceImage referenceImages referenceVideo referenceVideos references speech.audio styleImages videoUri voice.audioUri" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__explain)
            opts="-f -h --format --color --list --retryable --help url-too-long data-uri-too-long runway-uri-too-long invalid-data-uri unsupported-asset-type invalid-url not-https not-a-domain fetch-failed http-status timeout generic-content-type unsupported-content-type missing-content-length too-large dimensions-too-large aspect-ratio-outside duration-outside byte-order-mark duplicate-key lone-surrogate field-conflict partial-rules not-listed url-too-short non-canonical-url suspicious-url non-canonical-data-uri trailing-dot-host international-host unusual-port blocked-port credentials-in-url special-name private-address expires-soon expired not-fetched head-only unreadable-file local-network-error internal-error head-get-differ missing-content-type multiple-content-types content-type-parameters ambiguous-framing zero-content-length content-encoded unknown-content-encoding ambiguous-response excess-body-bytes large-response-header near-timeout retried http2-only-host type-mismatch unreadable-media incomplete-media truncated-media leading-bytes durations-differ unsupported-codec discouraged-codec unusual-encoding animated exactly-8000px exif-rotated aspect-ratio-some-models cropped fps-outside size-outside upload-too-small metadata-unknown unknown-model schema invalid_type invalid_value too_big too_small invalid_format unrecognized_keys invalid_union invalid_key invalid_element not_multiple_of custom invalid_enum_value invalid_literal invalid_string invalid_union_discriminator SAFETY SAFETY.INPUT SAFETY.OUTPUT INTERNAL INTERNAL.BAD_OUTPUT INPUT_PREPROCESSING.SAFETY INPUT_PREPROCESSING.SAFETY.TEXT INPUT_PREPROCESSING.SAFETY.THIRD_PARTY INPUT_PREPROCESSING.INTERNAL THIRD_PARTY.UNAVAILABLE THIRD_PARTY.INPUT_VALIDATION CANCELLED ASSET.INVALID 400 401 403 404 405 408 409 413 422 429 500 502 503 504"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --retryable)
                    COMPREPLY=($(compgen -W "url-too-long data-uri-too-long runway-uri-too-long invalid-data-uri unsupported-asset-type invalid-url not-https not-a-domain fetch-failed http-status timeout generic-content-type unsupported-content-type missing-content-length too-large dimensions-too-large aspect-ratio-outside duration-outside byte-order-mark duplicate-key lone-surrogate field-conflict partial-rules not-listed url-too-short non-canonical-url suspicious-url non-canonical-data-uri trailing-dot-host international-host unusual-port blocked-port credentials-in-url special-name private-address expires-soon expired not-fetched head-only unreadable-file local-network-error internal-error head-get-differ missing-content-type multiple-content-types content-type-parameters ambiguous-framing zero-content-length content-encoded unknown-content-encoding ambiguous-response excess-body-bytes large-response-header near-timeout retried http2-only-host type-mismatch unreadable-media incomplete-media truncated-media leading-bytes durations-differ unsupported-codec discouraged-codec unusual-encoding animated exactly-8000px exif-rotated aspect-ratio-some-models cropped fps-outside size-outside upload-too-small metadata-unknown unknown-model schema invalid_type invalid_value too_big too_small invalid_format unrecognized_keys invalid_union invalid_key invalid_element not_multiple_of custom invalid_enum_value invalid_literal invalid_string invalid_union_discriminator SAFETY SAFETY.INPUT SAFETY.OUTPUT INTERNAL INTERNAL.BAD_OUTPUT INPUT_PREPROCESSING.SAFETY INPUT_PREPROCESSING.SAFETY.TEXT INPUT_PREPROCESSING.SAFETY.THIRD_PARTY INPUT_PREPROCESSING.INTERNAL THIRD_PARTY.UNAVAILABLE THIRD_PARTY.INPUT_VALIDATION CANCELLED ASSET.INVALID 400 401 403 404 405 408 409 413 422 429 500 502 503 504" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__fix)
            opts="-o -f -j -0 -h --output --output-dir --crop --pad --to --quality --trim --ffmpeg --dry-run --force --format --show-query --offline --jobs --ratio --as --kind --input --column --null --rules --timeout --proxy --cacert --resolve --allow-private --allow-net --model --endpoint --field --report --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --output-dir)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --crop)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pad)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --to)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --quality)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --trim)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ffmpeg)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text json html" -- "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -W "text json html" -- "${cur}"))
                    return 0
                    ;;
                --jobs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -j)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ratio)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "url data-uri upload" -- "${cur}"))
                    return 0
                    ;;
                --kind)
                    COMPREPLY=($(compgen -W "image video audio" -- "${cur}"))
                    return 0
                    ;;
                --input)
                    COMPREPLY=($(compgen -W "text csv tsv jsonl" -- "${cur}"))
                    return 0
                    ;;
                --column)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --rules)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resolve)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-net)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --model)
                    COMPREPLY=($(compgen -W "act_two aleph2 bria_fibo_1_5 bria_fibo_edit_1_5 eleven_multilingual_sts_v2 eleven_multilingual_ttv_v2 eleven_multilingual_v2 eleven_text_to_sound_v2 eleven_ttv_v3 eleven_v3 eleven_v4 eleven_voice_dubbing eleven_voice_isolation enhance_frame_rate gemini_2.5_flash gemini_image3.1_flash gemini_image3.1_flash_lite gemini_image3_pro gemini_omni_flash gemini_omni_flash_1.1 gen3a_turbo gen4 gen4.5 gen4_aleph gen4_image gen4_image_turbo gen4_turbo gpt_image_2 gpt_image_2_5_flare gpt_image_2_5_sunburst grok_imagine_1_5 grok_imagine_1_5_lite grok_imagine_image_2 gwm1_avatars h3_max hailuo3 happyhorse_1_0 ideogram_4_0 ideogram_4_5 kling2.5_turbo_pro kling3.0_4k kling3.0_pro kling3.0_standard klingO3_4k klingO3_pro klingO3_standard kling_4 magnific_precision_upscaler_v2 magnific_video_upscaler_creative mirelo_sfx_2_0 muse_image nano_banana_2.1 recraft_v4_1_flash recraft_v4_1_vector robotics_v1 ruby seed_audio seedance2 seedance2_5 seedance2_fast seedance2_mini seedream5_flash seedream5_lite seedream5_pro upscale_v1 veo3 veo3.1 veo3.1_fast wan3 wan3_prime" -- "${cur}"))
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -W "avatar_videos avatars avatars:patch character_performance documents documents:patch generate/audio generate/image generate/video image_to_video image_upscale organization/usage realtime_sessions recipes/ad_localization recipes/marketing_stock_image recipes/multi_shot_video recipes/product_ad recipes/product_campaign_image recipes/product_swap recipes/product_ugc routers routers:patch sound_effect speech_to_speech text_to_image text_to_speech text_to_video uploads video_to_audio video_to_hdr video_to_video video_upscale voice_dubbing voice_isolation voices voices/preview voices:patch workflows" -- "${cur}"))
                    return 0
                    ;;
                --field)
                    COMPREPLY=($(compgen -W "audioUri character characterImage firstFrame from.audio image imageUri input.keyframes input.referenceAudio input.referenceAudios input.referenceImages input.referenceVideos input.voice.audioUri keyframes maskUri media newProductImages nodeOutputs originalProductImage productImage productImages promptImage promptVideo reference referenceAudio referenceAudios referenceImage referenceImages referenceVideo referenceVideos references speech.audio styleImages videoUri voice.audioUri" -- "${cur}"))
                    return 0
                    ;;
                --report)
                    COMPREPLY=($(compgen -W "text= concise= reasons= json= jsonl= github= gitlab= junit= sarif= markdown= html= api=" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help)
            opts="check body diagnose explain encode fix rules serve config completions man help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__body)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__check)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__completions)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__config)
            opts="show"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__config__subcmd__show)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__diagnose)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__encode)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__explain)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__fix)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__man)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__rules)
            opts="import diff"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__rules__subcmd__diff)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__rules__subcmd__import)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__help__subcmd__serve)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__man)
            opts="-h --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__rules)
            opts="-f -h --kind --format --rules --model --endpoint --help import diff help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --kind)
                    COMPREPLY=($(compgen -W "image video audio" -- "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text json toml" -- "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -W "text json toml" -- "${cur}"))
                    return 0
                    ;;
                --rules)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --model)
                    COMPREPLY=($(compgen -W "act_two aleph2 bria_fibo_1_5 bria_fibo_edit_1_5 eleven_multilingual_sts_v2 eleven_multilingual_ttv_v2 eleven_multilingual_v2 eleven_text_to_sound_v2 eleven_ttv_v3 eleven_v3 eleven_v4 eleven_voice_dubbing eleven_voice_isolation enhance_frame_rate gemini_2.5_flash gemini_image3.1_flash gemini_image3.1_flash_lite gemini_image3_pro gemini_omni_flash gemini_omni_flash_1.1 gen3a_turbo gen4 gen4.5 gen4_aleph gen4_image gen4_image_turbo gen4_turbo gpt_image_2 gpt_image_2_5_flare gpt_image_2_5_sunburst grok_imagine_1_5 grok_imagine_1_5_lite grok_imagine_image_2 gwm1_avatars h3_max hailuo3 happyhorse_1_0 ideogram_4_0 ideogram_4_5 kling2.5_turbo_pro kling3.0_4k kling3.0_pro kling3.0_standard klingO3_4k klingO3_pro klingO3_standard kling_4 magnific_precision_upscaler_v2 magnific_video_upscaler_creative mirelo_sfx_2_0 muse_image nano_banana_2.1 recraft_v4_1_flash recraft_v4_1_vector robotics_v1 ruby seed_audio seedance2 seedance2_5 seedance2_fast seedance2_mini seedream5_flash seedream5_lite seedream5_pro upscale_v1 veo3 veo3.1 veo3.1_fast wan3 wan3_prime" -- "${cur}"))
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -W "avatar_videos avatars avatars:patch character_performance documents documents:patch generate/audio generate/image generate/video image_to_video image_upscale organization/usage realtime_sessions recipes/ad_localization recipes/marketing_stock_image recipes/multi_shot_video recipes/product_ad recipes/product_campaign_image recipes/product_swap recipes/product_ugc routers routers:patch sound_effect speech_to_speech text_to_image text_to_speech text_to_video uploads video_to_audio video_to_hdr video_to_video video_upscale voice_dubbing voice_isolation voices voices/preview voices:patch workflows" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__rules__subcmd__diff)
            opts="-f -h --format --rules --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --rules)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__rules__subcmd__help)
            opts="import diff help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__rules__subcmd__help__subcmd__diff)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__rules__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__rules__subcmd__help__subcmd__import)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__rules__subcmd__import)
            opts="-o -h --output --date --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --date)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        runway__preflight__subcmd__serve)
            opts="-h --host --port --print-env --stop-on-stdin-eof --polls --task-time --concurrency --scenario --assets --rules --timeout --proxy --cacert --resolve --allow-private --allow-net --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --host)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --port)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --polls)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --task-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --concurrency)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --scenario)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --assets)
                    COMPREPLY=($(compgen -W "fetch offline off" -- "${cur}"))
                    return 0
                    ;;
                --rules)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resolve)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-net)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _runway__preflight -o nosort -o bashdefault -o default runway-preflight
else
    complete -F _runway__preflight -o bashdefault -o default runway-preflight
fi
